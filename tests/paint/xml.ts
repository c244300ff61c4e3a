/**
 * Throws unless the text is well-formed XML as far as our documents use it: elements nest and close, attributes are
 * quoted and not repeated, entities are the predefined ones, one root. Returns how often each element occurs.
 */
export function checkXml(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  const open: string[] = [];
  let nRoots = 0;
  const checkText = (piece: string) => {
    if (/&(?!amp;|lt;|gt;|quot;)/.test(piece) || piece.includes("<"))
      throw new Error(`bad text: ${piece.slice(0, 80)}`);
    if (open.length === 0 && piece.trim()) throw new Error("text outside the root");
  };
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("<", at);
    if (start < 0) break;
    checkText(text.slice(at, start));
    const end = text.indexOf(">", start);
    if (end < 0) throw new Error("a tag is not closed");
    const tag = text.slice(start + 1, end);
    at = end + 1;
    if (tag.startsWith("/")) {
      if (open.pop() !== tag.slice(1)) throw new Error(`</${tag.slice(1)}> closes nothing`);
      continue;
    }
    const [, name, attributes, slash] = /^([A-Za-z]+)((?:\s+[A-Za-z:-]+="[^"<]*")*)\s*(\/?)$/.exec(tag) ?? [];
    if (!name) throw new Error(`not a tag: <${tag.slice(0, 120)}>`);
    const names = [...attributes.matchAll(/\s([A-Za-z:-]+)="([^"]*)"/g)].map((m) => m[1]);
    if (new Set(names).size !== names.length) throw new Error(`<${name}> repeats an attribute`);
    if (open.length === 0) nRoots++;
    counts[name] = (counts[name] ?? 0) + 1;
    if (!slash) open.push(name);
  }
  checkText(text.slice(at));
  if (open.length > 0 || nRoots !== 1) throw new Error(`elements left open: ${open.join(", ")}; roots: ${nRoots}`);
  return counts;
}

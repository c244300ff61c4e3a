/** A field in place of a name, until Enter, Esc or a click elsewhere. */
export function RenameField({
  name,
  onRename,
  onEnd,
}: {
  name: string;
  onRename: (name: string) => void;
  onEnd: () => void;
}) {
  return (
    <input
      className="rename-field"
      defaultValue={name}
      aria-label={`New name of ${name}`}
      // biome-ignore lint/a11y/noAutofocus: it appears because the person asked to type here
      autoFocus
      onFocus={(event) => event.target.select()}
      onBlur={(event) => {
        if (event.target.value.trim() !== "" && event.target.value !== name) onRename(event.target.value);
        onEnd();
      }}
      onKeyDown={(event) => {
        event.stopPropagation(); // letters here are no shortcuts
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key !== "Escape") return;
        event.currentTarget.value = name;
        event.currentTarget.blur();
      }}
      data-testid="rename"
    />
  );
}

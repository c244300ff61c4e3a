import { type ReactNode, useEffect, useId, useRef, useState } from "react";

interface MenuProps {
  label: ReactNode;
  children: ReactNode;
  testId?: string;
  className?: string;
}

/** A button that shows something below itself until Esc, a click elsewhere or a second click. Nothing behind it is blocked. */
export function Menu({ label, children, testId, className = "button" }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const pointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      // the focus is not left in what is gone
      if (root.current?.contains(document.activeElement)) button.current?.focus();
      setOpen(false);
    };
    document.addEventListener("pointerdown", pointer, true);
    document.addEventListener("keydown", key, true);
    return () => {
      document.removeEventListener("pointerdown", pointer, true);
      document.removeEventListener("keydown", key, true);
    };
  }, [open]);
  return (
    <div className="menu" ref={root}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-expanded={open}
        aria-controls={id}
        data-testid={testId}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      <div id={id} className="menu-body" hidden={!open}>
        {children}
      </div>
    </div>
  );
}

/** The probe and two drifting traces, in the text's size. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 64 64" aria-hidden="true">
      <path d="M12 58V6" className="logo-probe" />
      <path d="M14 48c8 0 8-10 16-10s8 6 14 4 6-16 10-22" className="logo-a" />
      <path d="M14 32c8 0 8-10 16-10s8 6 14 4 6-10 10-13" className="logo-b" />
    </svg>
  );
}

import { dismiss, useSession } from "../app/sessionStore.ts";

/** Sentences that want to be read: errors until dismissed, and news. Warnings stand in the status line. */
export function ErrorStrip() {
  const notices = useSession((state) => state.notices);
  const shown = notices.filter((notice) => notice.level !== "warning");
  if (shown.length === 0) return null;
  return (
    <div className="strips">
      {shown.map((notice) => (
        <div
          key={notice.id}
          className={`strip strip-${notice.level}`}
          role={notice.level === "error" ? "alert" : "status"}
          data-testid={notice.level === "error" ? "error-strip" : "info-strip"}
        >
          <span>{notice.text}</span>
          <button type="button" className="quiet" onClick={() => dismiss(notice.id)} aria-label="Dismiss this message">
            ✕
          </button>
        </div>
      ))}
    </div>
  );
}

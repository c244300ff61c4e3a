/**
 * A sender that never queues: one call is under way, one value waits, and a newer value replaces the one that waits.
 * For state of which only the newest counts (a view, a motion) on its way to a worker that may be slower than the hand.
 * `onError` gets what `send` rejects with; the waiting value is sent all the same.
 */
export function latestOnly<T>(
  send: (value: T) => Promise<void>,
  onError: (error: unknown) => void,
): (value: T) => void {
  let busy = false;
  let waiting: { value: T } | null = null;
  const drain = async () => {
    busy = true;
    while (waiting) {
      const { value } = waiting;
      waiting = null;
      try {
        await send(value);
      } catch (error) {
        onError(error);
      }
    }
    busy = false;
  };
  return (value) => {
    waiting = { value };
    if (!busy) void drain();
  };
}

/**
 * Caches what was read for so many milliseconds. A value that `serves` rejects is read anew at once; concurrent reads
 * are not shared, since each may need something that the other has not seen.
 */
export function ttlCache<T>(
  read: () => Promise<T>,
  ms: number,
  now: () => Date,
): (serves?: (value: T) => boolean) => Promise<T> {
  let last: { readonly value: T; readonly readAt: number } | undefined;
  return async (serves = () => true) => {
    const at = now().getTime();
    // A clock that was set back must not keep it for ever.
    if (last && Math.abs(at - last.readAt) < ms && serves(last.value)) return last.value;
    const value = await read();
    last = { value, readAt: at };
    return value;
  };
}

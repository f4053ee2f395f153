/** Whether a name comes for the first time. So many names are remembered; then the oldest is forgotten. */
export function firstTimes(max: number): (name: string) => boolean {
  const seen = new Set<string>();
  return (name) => {
    if (seen.has(name)) return false;
    for (const oldest of seen) {
      if (seen.size < max) break;
      seen.delete(oldest);
    }
    seen.add(name);
    return true;
  };
}

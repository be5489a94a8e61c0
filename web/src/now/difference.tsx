// Before and after, in a strip that stays.
export function Difference() {
  return null;
}

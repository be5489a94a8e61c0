// One mark of an asset: its shape says its state, its colour says it again.
import type { Condition } from "./assets_data";

/** A mark of a given size around a point; out is a full diamond with a cross, intact an open circle. */
export function Mark({ condition, x, y, size }: { condition: Condition; x: number; y: number; size: number }) {
  const r = size / 2;
  const diamond = `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`;
  const c = r * 0.34;
  const cross = `M${x - c} ${y - c}L${x + c} ${y + c}M${x + c} ${y - c}L${x - c} ${y + c}`;
  switch (condition) {
    case "out":
      return (
        <>
          <path class="mark out" d={diamond} />
          <path class="mark cross" d={cross} />
        </>
      );
    case "part":
      return (
        <>
          <path class="mark part" d={diamond} />
          <path class="mark out" d={`M${x} ${y - r}L${x} ${y + r}L${x - r} ${y}Z`} />
        </>
      );
    case "back":
    case "later":
      return <path class={`mark ${condition}`} d={diamond} />;
    case "unit":
      return <rect class="mark unit" x={x - r * 0.8} y={y - r * 0.8} width={r * 1.6} height={r * 1.6} />;
    default:
      return <circle class="mark intact" cx={x} cy={y} r={r * 0.55} />;
  }
}

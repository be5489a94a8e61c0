// How many winters of a hundred have more than so much: a curve with the band of its error, marks and numbers.
import { useSignal } from "@preact/signals";
import { compact, percent } from "../format";
import { Table } from "../parts/table";
import { t } from "../texts";
import type { Estimate, Point } from "./risk_data";
import { label, number } from "./words";

const [WIDTH, HEIGHT, LEFT, BELOW, ABOVE] = [460, 230, 44, 34, 16];

interface CurveProps {
  quantity: string;
  points: Point[];
  /** q50, q90, q95, q99 and cvar95, where they are known */
  marks: [string, Estimate | undefined][];
  of: string;
}

export function Curve({ quantity, points, marks, of }: CurveProps) {
  const open = useSignal(false);
  const title = t("risk.curve", { what: label(quantity), of });
  const far = Math.max(1e-9, ...points.map((one) => one.level), ...marks.map(([, one]) => one?.value ?? 0)) * 1.05;
  const high = Math.min(1, Math.max(0.05, ...points.map((one) => one.share + one.stderr)));
  const x = (level: number) => LEFT + (level / far) * (WIDTH - LEFT - 8);
  const y = (share: number) => ABOVE + (1 - Math.min(Math.max(share, 0), high) / high) * (HEIGHT - ABOVE - BELOW);
  const line = points.map((one, k) => `${k ? "L" : "M"}${x(one.level).toFixed(1)} ${y(one.share).toFixed(1)}`).join("");
  const band = [
    ...points.map((one) => [x(one.level), y(one.share + one.stderr)]),
    ...[...points].reverse().map((one) => [x(one.level), y(one.share - one.stderr)]),
  ]
    .map((place) => place.map((n) => n?.toFixed(1)).join(","))
    .join(" ");
  const known = marks.filter((mark): mark is [string, Estimate] => mark[1] !== undefined);
  return (
    <figure class="curve">
      <figcaption>
        <h3>{title}</h3>
        <button type="button" class="link small" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
          {t("chart.numbers")} <span class="heard">{title}</span>
        </button>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("chart.named", { title })}>
        {ticks(high).map((share) => (
          <g key={share}>
            <line class="rule" x1={LEFT} x2={WIDTH - 8} y1={y(share)} y2={y(share)} />
            <text class="end" x={LEFT - 5} y={y(share) + 4}>
              {percent(share)}
            </text>
          </g>
        ))}
        {ticks(far).map((level) => (
          <text class="mid" key={level} x={x(level)} y={HEIGHT - BELOW + 15}>
            {compact(level)}
          </text>
        ))}
        <text class="mid" x={(LEFT + WIDTH) / 2} y={HEIGHT - 4}>
          {label(quantity)}
        </text>
        <polygon class="band" points={band} />
        <path class="line" d={line} />
        {known.map(([name, one], k) => (
          <g key={name} class={name.startsWith("cvar") ? "tail" : "quantile"}>
            <line x1={x(one.value)} x2={x(one.value)} y1={ABOVE} y2={HEIGHT - BELOW} />
            <text class={x(one.value) > WIDTH - 70 ? "end" : undefined} x={x(one.value) + (x(one.value) > WIDTH - 70 ? -3 : 3)} y={ABOVE + 9 + 12 * k}>
              {t(`risk.short_${name}`)}
            </text>
          </g>
        ))}
      </svg>
      <ul class="small marks">
        {known.map(([name, one]) => (
          <li key={name}>
            {t(`risk.${name}`)}: <b>{number(one).value}</b>
            {number(one).error ? ` ± ${number(one).error}` : <span class="quiet"> {t("risk.no_error")}</span>}
          </li>
        ))}
      </ul>
      {open.value && (
        <Table
          caption={title}
          columns={[{ head: t("risk.more_than"), number: true }, { head: t("risk.winters"), number: true }, { head: "±", number: true }]}
          rows={points.map((one) => [
            <data value={String(one.level)}>{compact(one.level)}</data>,
            <data value={String(one.share)}>{percent(one.share)}</data>,
            percent(one.stderr),
          ])}
        />
      )}
    </figure>
  );
}

/** Round places on an axis that ends at `most`. */
function ticks(most: number): number[] {
  const raw = most / 4;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * size).find((n) => n >= raw) ?? raw;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, k) => k * step);
}

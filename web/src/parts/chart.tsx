// A chart over time: lines, perhaps a band, a mark at the step shown; its numbers as a table on demand.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { day, midnightsShown, moment, zone } from "../format";
import { t } from "../texts";
import { Table } from "./table";

export interface Line {
  label: string;
  /** name of a colour variable, without its dashes */
  colour: string;
  values: (number | null)[];
  /** a second way to tell lines apart */
  dash?: number[];
}

export interface ChartProps {
  title: string;
  unit: string;
  /** instants, ms */
  times: number[];
  lines: Line[];
  /** drawn as a band behind the first line: from low to high */
  band?: { low: (number | null)[]; high: (number | null)[] };
  at: number;
  pick: (step: number) => void;
  say: (value: number | null | undefined) => string;
  tick: (value: number) => string;
  /** axis begins at zero */
  zero?: boolean;
}

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const HEIGHT = 124;

export function Chart(props: ChartProps) {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const shape = props.lines.map((line) => line.label).join("|") + (props.band ? "+" : "");

  useEffect(() => {
    const place = box.current;
    if (!place) return;
    const plot = new uPlot(options(latest, place.clientWidth), data(latest.current), place);
    drawn.current = plot;
    const fit = new ResizeObserver(() => {
      if (place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: HEIGHT });
    });
    fit.observe(place);
    const redraw = () => plot.redraw(false, true);
    const media = ["print", "(prefers-color-scheme: dark)"].map((query) => matchMedia(query));
    for (const one of media) one.addEventListener("change", redraw);
    return () => {
      for (const one of media) one.removeEventListener("change", redraw);
      fit.disconnect();
      plot.destroy();
      drawn.current = null;
    };
  }, [shape]);

  useEffect(() => {
    drawn.current?.setData(data(props));
  }, [props.times, ...props.lines.map((line) => line.values), props.band?.low]);

  useEffect(() => {
    drawn.current?.redraw(false, true);
  }, [props.at, zone.value, props.title]);

  return (
    <figure class="chart">
      <figcaption>
        <h3>{props.title}</h3>
        <Key {...props} />
        <button
          type="button"
          class="link small"
          aria-expanded={open.value}
          aria-label={t("chart.numbers_of", { title: props.title })}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          {t("chart.numbers")}
        </button>
      </figcaption>
      <div class="plot" ref={box} role="img" aria-label={t("chart.named", { title: props.title })} />
      {open.value && <Numbers {...props} />}
    </figure>
  );
}

/** The name of each line with its value at the step shown. */
function Key({ lines, band, at, say }: ChartProps) {
  return (
    <ul class="key">
      {lines.map((line, k) => (
        <li key={line.label}>
          <svg viewBox="0 0 20 8" aria-hidden="true" class={`ink-${line.colour}`}>
            <path d="M0 4H20" stroke-dasharray={line.dash?.join(" ")} />
          </svg>
          {line.label} <b>{say(line.values[at])}</b>
          {k === 0 && band && (
            <span class="quiet">{t("chart.band", { low: say(band.low[at]), high: say(band.high[at]) })}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Numbers({ title, times, lines, band, say }: ChartProps) {
  return (
    <div class="numbers">
        <Table
          caption={title}
          columns={[
            { head: t("chart.time") },
            ...lines.map((line) => ({ head: line.label, number: true })),
            ...(band ? [t("chart.low"), t("chart.high")].map((head) => ({ head, number: true })) : []),
          ]}
          rows={times.map((time, k) => [
            moment(time),
            ...lines.map((line) => say(line.values[k])),
            ...(band ? [say(band.low[k]), say(band.high[k])] : []),
          ])}
        />
    </div>
  );
}

function data({ times, lines, band }: ChartProps): uPlot.AlignedData {
  const rows = [...lines.map((line) => line.values), ...(band ? [band.low, band.high] : [])];
  return [times.map((time) => time / 1000), ...rows] as uPlot.AlignedData;
}

function options(latest: { current: ChartProps }, width: number): uPlot.Options {
  const { lines, band } = latest.current;
  const axis: uPlot.Axis = {
    stroke: () => colour("quiet"),
    font: '12px system-ui, "Noto Sans", "Liberation Sans", sans-serif',
    grid: { stroke: () => colour("rule"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: Math.max(width, 120),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { setScale: false, x: false, y: false } },
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: true },
      y: { range: (_, low, high) => span(low, high, latest.current.zero ?? false) },
    },
    axes: [
      {
        ...axis,
        size: 24,
        splits: (plot, _, from, to) =>
          midnightsShown(from * 1000, to * 1000, zone.value, Math.max(2, Math.floor(plot.width / 85))).map(
            (time) => time / 1000,
          ),
        // a day that begins at the edge would be cut off there
        values: (plot, splits) =>
          splits.map((time) => (plot.valToPos(time, "x") < plot.over.clientWidth - 24 ? day(time * 1000) : "")),
      },
      { ...axis, size: 52, values: (_, splits) => splits.map((value) => latest.current.tick(value)) },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        stroke: () => colour(line.colour),
        width: 2,
        ...(line.dash ? { dash: line.dash } : {}),
        points: { show: false },
      })),
      ...(band ? [0, 1].map(() => ({ stroke: "transparent", width: 0, points: { show: false } })) : []),
    ],
    ...(band
      ? { bands: [{ series: [lines.length + 2, lines.length + 1] as [number, number], fill: () => `${colour(lines[0]?.colour ?? "heat")}33` }] }
      : {}),
    hooks: {
      draw: [(plot) => mark(plot, latest.current)],
      ready: [(plot) => plot.over.addEventListener("click", () => picked(plot, latest.current))],
    },
  };
}

function picked(plot: uPlot, { pick, times }: ChartProps): void {
  const at = plot.cursor.idx;
  if (at !== null && at !== undefined && at < times.length) pick(at);
}

/** Ends of the axis: some air above, never without height. */
function span(low: number | null, high: number | null, zero: boolean): [number, number] {
  const [from, to] = [zero ? 0 : (low ?? 0), high ?? 1];
  const room = Math.max((to - from) * 0.08, zero ? 1 : 0.5);
  return [zero ? 0 : from - room, to + room];
}

/** An upright line at the step shown. */
function mark(plot: uPlot, { times, at }: ChartProps): void {
  const time = times[at];
  if (time === undefined) return;
  const x = Math.round(plot.valToPos(time / 1000, "x", true));
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour("ink");
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

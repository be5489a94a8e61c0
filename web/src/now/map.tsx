// The map: regions by a measure, assets as marks inside them. The same drawing as in the brief.
import { useComputed, useSignal } from "@preact/signals";
import { geoIdentity, geoPath } from "d3-geo";
import type { RegionFeature, Unit } from "../contract";
import { drawing, instant, other, run, step } from "../data";
import { moment } from "../format";
import { MEASURES } from "../route";
import { difference, go, measure, place, unit } from "../state";
import { language, t } from "../texts";
import { assets, conditionAt, countOf, units, unitsAt } from "./assets_data";
import { Mark } from "./mark";
import { type Box, spots } from "./marks";
import { differenceOf, measured, type Scale, scaleOf, serviceOf, type Shade } from "./measures";

const outline = geoPath(geoIdentity());
const LETTER = 0.58; // width of a letter over its size, on the wide side: as in the brief
const CYRILLIC = 0.68; // these are wider
const LINE = 1.25;

/** The scale shown: of the run, or of its difference to the other. */
function useScale() {
  return useComputed((): Scale | null => {
    if (!run.value) return null;
    const [m, u, s] = [measure.value, unit.value, step.value];
    return difference.value && other.value
      ? differenceOf(run.value, other.value, m, u, s)
      : scaleOf(run.value, m, u, s);
  });
}

export function MapCard() {
  const scale = useScale();
  const all = useSignal(false);
  const now = run.value;
  const drawn = drawing.value;
  if (!now || !scale.value) return null;
  return (
    <section class="card map-card" aria-labelledby="map-title">
      <Measures />
      <h2 id="map-title" class="small">
        {t(difference.value && other.value ? "map.title_difference" : "map.title", {
          measure: t(`measure.${measure.value}`),
          time: moment(instant(now, step.value)),
        })}
      </h2>
      {drawn && <Drawn scale={scale.value} all={all.value} />}
      {drawn === null && <p class="quiet">{t("map.none")}</p>}
      {drawn === undefined && <div class="map" />}
      <Elsewhere />
      <Legend scale={scale.value} all={all} />
    </section>
  );
}

function Measures() {
  const now = run.value;
  if (!now) return null;
  const service = serviceOf(measure.value) !== null;
  return (
    <div class="measures">
      <div class="choice" role="radiogroup" aria-label={t("map.measure")}>
        {MEASURES.filter((one) => measured(now, one)).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="measure"
              checked={measure.value === one}
              onChange={() => go({ measure: one })}
            />
            <span>{t(`measure.short.${one}`)}</span>
          </label>
        ))}
      </div>
      <div class="options">
        <label class={service ? "" : "off"}>
          <input
            type="checkbox"
            disabled={!service}
            checked={unit.value === "number"}
            onChange={(event) => go({ unit: event.currentTarget.checked ? "number" : "share" })}
          />
          {t("map.numbers")}
        </label>
      </div>
    </div>
  );
}

export const nameOf = (feature: RegionFeature | undefined, id: string): string =>
  feature?.properties.names[language.value] ?? id;

/** The name of a region in the language of the page; risks have a row for what lies in none. */
export const regionName = (id: string): string =>
  id === "no region" ? t("editor.no_region") : nameOf(drawing.value?.features.find((f) => f.id === id), id);

interface Label extends Box {
  lines: string[];
  size: number;
  /** whether there is room for the number */
  room: boolean;
}

/** The label of a region: its name, and a line for its value; smaller where another language is longer. */
function labelOf(feature: RegionFeature): Label {
  const { label } = feature.properties;
  // a region too small for its name has its number alone, or nothing
  const lines = label.lines.length ? broken(nameOf(feature, feature.id), label.lines) : [];
  const longest = (of: string[]) => Math.max(4, ...of.map((line) => line.length));
  const size = label.size * Math.min(1, longest(label.lines) / longest(lines));
  const [top, bottom] = [label.y[0] ?? label.number_y ?? 0, label.number_y ?? label.y.at(-1) ?? 0];
  const y = (top + bottom) / 2;
  return {
    lines,
    size,
    room: label.number_y !== null,
    x: label.x,
    y,
    half: (longest(lines) * (/[\u0400-\u04ff]/.test(lines.join("")) ? CYRILLIC : LETTER) * size) / 2,
    tall: ((lines.length + 1) * LINE * size) / 2,
  };
}

/** In as many lines as the drawing has; where it cut the name, so do we. */
function broken(name: string, drawn: string[]): string[] {
  if (drawn.join(" ") === name) return drawn;
  const words = name.split(" ");
  const halves = words.slice(1).map((_, k) => [words.slice(0, k + 1).join(" "), words.slice(k + 1).join(" ")]);
  const longest = (pair: string[]) => Math.max(...pair.map((line) => line.length));
  halves.sort((one, next) => longest(one) - longest(next));
  const lines = halves[0] && name.length > 9 ? halves[0] : [name];
  return lines.map((line) => (line.length > 16 ? `${line.slice(0, 15).trimEnd()}…` : line));
}

function Drawn({ scale, all }: { scale: Scale; all: boolean }) {
  const focused = useSignal<string | null>(null);
  const drawn = drawing.value;
  const now = run.value;
  if (!drawn || !now) return null;
  const index = new Map(now.regions.map((name, k) => [name, k]));
  const roving = focused.value ?? place.value ?? drawn.features[0]?.id;
  const move = (event: KeyboardEvent, from: RegionFeature) => {
    const next = neighbour(drawn.features, from, event.key);
    if (!next) return;
    event.preventDefault();
    focused.value = next.id;
    (event.currentTarget as Element).parentElement
      ?.querySelector<SVGElement>(`[data-region="${CSS.escape(next.id)}"]`)
      ?.focus();
  };
  // the one that is chosen is drawn last, so that its edge lies on the others'
  const last = [...drawn.features].sort((a, b) => Number(a.id === place.value) - Number(b.id === place.value));
  return (
    <svg
      class="map"
      viewBox={`0 0 ${drawn.width} ${drawn.height}`}
      role="group"
      aria-label={t("map.regions")}
    >
      {/* so that a region without colour stands out from the page, too */}
      <path class="coast" aria-hidden="true" d={last.map((feature) => outline(feature) ?? "").join("")} />
      {last.map((feature) => (
        <Region
          key={feature.id}
          feature={feature}
          shade={scale.shade(index.get(feature.id) ?? -1)}
          kind={scale.difference ? "d" : "c"}
          tab={feature.id === roving}
          onKey={(event) => move(event, feature)}
          onFocus={() => {
            focused.value = feature.id;
          }}
        />
      ))}
      <Marks all={all} />
    </svg>
  );
}

interface RegionProps {
  feature: RegionFeature;
  shade: Shade;
  kind: "c" | "d";
  tab: boolean;
  onKey: (event: KeyboardEvent) => void;
  onFocus: () => void;
}

function Region({ feature, shade, kind, tab, onKey, onFocus }: RegionProps) {
  const label = labelOf(feature);
  const chosen = place.value === feature.id;
  const here = run.value ? countOf(unitsAt(feature.id, instant(run.value, step.value))) : 0;
  const choose = () =>
    go(chosen ? { place: null, side: "charts" } : { place: feature.id, side: "place" }, true);
  const first = label.y - (label.lines.length * LINE * label.size) / 2;
  return (
    <g
      class={`region ${chosen ? "chosen" : ""}`}
      data-region={feature.id}
      role="button"
      tabindex={tab ? 0 : -1}
      aria-pressed={chosen}
      aria-label={[`${nameOf(feature, feature.id)} ${shade.text}`, here && t("map.units", { count: here })].filter(Boolean).join(", ")}
      onClick={choose}
      onFocus={onFocus}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          choose();
        } else onKey(event);
      }}
    >
      <path class={`cell ${kind}${shade.level}`} d={outline(feature) ?? ""} />
      <g class={`ink ${kind}${shade.level}`} font-size={label.size} aria-hidden="true">
        {label.lines.map((line, k) => (
          <text key={k} x={label.x} y={first + k * LINE * label.size}>
            {`${line} `}
          </text>
        ))}
        {label.room && (
          <text class="value" x={label.x} y={first + label.lines.length * LINE * label.size}>
            {shade.text}
          </text>
        )}
      </g>
    </g>
  );
}

/** The region to which an arrow leads: near, and rather straight ahead. */
function neighbour(all: RegionFeature[], from: RegionFeature, key: string): RegionFeature | undefined {
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  if (!way) return undefined;
  const [dx = 0, dy = 0] = way;
  const middle = (f: RegionFeature) => outline.centroid(f);
  const [x, y] = middle(from);
  const cost = (f: RegionFeature) => {
    const [fx, fy] = middle(f);
    const ahead = (fx - x) * dx + (fy - y) * dy;
    const aside = Math.abs((fx - x) * dy) + Math.abs((fy - y) * dx);
    return ahead > 1 ? ahead + 2 * aside : Infinity;
  };
  const best = all.filter((f) => f !== from).sort((a, b) => cost(a) - cost(b))[0];
  return best && Number.isFinite(cost(best)) ? best : undefined;
}

/** Marks are for the pointer; the list of assets has the same for everybody. */
function Marks({ all }: { all: boolean }) {
  const drawn = drawing.value;
  const now = run.value;
  if (!drawn || !now) return null;
  const at = instant(now, step.value);
  return (
    <g class="marks" aria-hidden="true">
      {drawn.features.flatMap((feature) => {
        const here = assets.value.filter(
          (asset) => asset.region === feature.id && (all || conditionAt(asset, at) !== "intact"),
        );
        const mobile = unitsAt(feature.id, at);
        const places = spots(feature, labelOf(feature), here.length + mobile.length);
        const marked = mobile.map((one, k) => {
          const [x, y] = places.at[k] ?? [-99, -99];
          return (
            <g key={`${one.unit} ${one.target} ${one.begin}`} class="asset" onClick={() => go({ place: feature.id, side: "place" }, true)}>
              <title>{unitInWords(one)}</title>
              <circle class="reach" cx={x} cy={y} r={places.apart / 2} />
              <Mark condition="unit" x={x} y={y} size={Math.min(12, places.apart * 0.8)} />
            </g>
          );
        });
        const left = places.at.slice(mobile.length);
        const broken = here.slice(0, left.length).map((asset, k) => {
          const [x, y] = left[k] ?? [0, 0];
          const condition = conditionAt(asset, at);
          return (
            <g
              key={asset.asset}
              class="asset"
              onClick={() => go({ asset: asset.asset, side: "assets" }, true)}
            >
              <title>{`${asset.asset} · ${t(`condition.${condition}`)}`}</title>
              <circle class="reach" cx={x} cy={y} r={places.apart / 2} />
              <Mark condition={condition} x={x} y={y} size={Math.min(12, places.apart * 0.8)} />
            </g>
          );
        });
        return [...marked, ...broken];
      })}
    </g>
  );
}

/** How many of what, and where: 4 × Boiler 3 MW, Zone 07-1. */
export const unitInWords = (one: Unit): string =>
  `${one.count > 1 ? `${one.count} × ` : ""}${one.unit}${one.target ? `, ${one.target}` : ""}`;

/** Damaged assets that belong to no region: beside the map, as there is no place on it for them. */
function Elsewhere() {
  const now = run.value;
  if (!now || !drawing.value) return null;
  const at = instant(now, step.value);
  const here = assets.value.filter((asset) => asset.region === null && conditionAt(asset, at) !== "intact");
  if (!here.length) return null;
  return (
    <div class="elsewhere">
      <span class="quiet small">{t("map.elsewhere")}</span>
      <ul class="classes">
        {here.slice(0, 8).map((asset) => (
          <li key={asset.asset}>
            <button type="button" class="link" onClick={() => go({ asset: asset.asset, side: "assets" }, true)}>
              <svg viewBox="0 0 14 14" aria-hidden="true">
                <Mark condition={conditionAt(asset, at)} x={7} y={7} size={12} />
              </svg>
              {asset.asset}
              <span class="heard">: {t(`condition.${conditionAt(asset, at)}`)}</span>
            </button>
          </li>
        ))}
        {here.length > 8 && (
          <li>
            <button type="button" class="link" onClick={() => go({ side: "assets" }, true)}>
              {t("map.more", { count: here.length - 8 })}
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}

function Legend({ scale, all }: { scale: Scale; all: { value: boolean } }) {
  const kind = scale.difference ? "d" : "c";
  return (
    <div class="legend">
      <ul class="classes" aria-label={t("map.legend")}>
        {scale.legend.map(([level, label]) => (
          <li key={level}>
            <svg viewBox="0 0 22 14" aria-hidden="true">
              <rect class={`cell ${kind}${level}`} x="0.5" y="0.5" width="21" height="13" rx="2" />
            </svg>
            {label}
          </li>
        ))}
      </ul>
      {assets.value.length > 0 && (
        <ul class="classes">
          {(["out", "part", "back"] as const).map((condition) => (
            <li key={condition}>
              <svg viewBox="0 0 14 14" aria-hidden="true">
                <Mark condition={condition} x={7} y={7} size={12} />
              </svg>
              {t(`condition.${condition}`)}
            </li>
          ))}
          {units.value.length > 0 && (
            <li>
              <svg viewBox="0 0 14 14" aria-hidden="true">
                <Mark condition="unit" x={7} y={7} size={12} />
              </svg>
              {t("condition.unit")}
            </li>
          )}
          <li>
            <label>
              <input
                type="checkbox"
                checked={all.value}
                onChange={(event) => {
                  all.value = event.currentTarget.checked;
                }}
              />
              <svg viewBox="0 0 14 14" aria-hidden="true">
                <Mark condition="intact" x={7} y={7} size={12} />
              </svg>
              {t("map.all_assets")}
            </label>
          </li>
        </ul>
      )}
    </div>
  );
}

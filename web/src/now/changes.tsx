// What was changed so far, and what it means region by region.
import type { Edit, Run } from "../contract";
import { board, other, run, scenario, undo } from "../data";
import { byName, megawatts, moment, rounded, signed } from "../format";
import { Num, Table } from "../parts/table";
import { t } from "../texts";
import { regionName } from "./map";

/** A change in words. */
export function inWords(edit: Edit): string {
  switch (edit.kind) {
    case "back":
      return t("edit.back", { asset: edit.asset, time: moment(edit.at) });
    case "out":
      return edit.until
        ? t("edit.out_until", { asset: edit.asset, time: moment(edit.at), until: moment(edit.until) })
        : t("edit.out", { asset: edit.asset, time: moment(edit.at) });
    case "unit":
      return t(`edit.${edit.unit}`, { target: edit.target, mw: megawatts(edit.mw), time: moment(edit.from) });
    case "shift":
      return t("edit.shift", { asset: edit.asset, time: moment(edit.not_before) });
    case "first":
      return t("edit.first", { asset: edit.asset });
    case "winter":
      return t("edit.winter", { sample: edit.sample });
    default:
      return t(`edit.${edit.kind}`);
  }
}

export function Changes() {
  const now = scenario.value;
  if (!now) return null;
  const last = now.edits.length - 1;
  return (
    <div class="changes">
      {now.edits.length === 0 ? (
        <p class="quiet">{t("changes.none")}</p>
      ) : (
        <ol class="edits">
          {now.edits.map((edit, k) => (
            <li key={edit.id}>
              <span>{inWords(edit)}</span>
              {k === last && !board.value?.read_only && (
                <button type="button" onClick={undo}>
                  {t("changes.remove")}
                </button>
              )}
            </li>
          ))}
        </ol>
      )}
      {run.value && other.value && <ByRegion now={run.value} then={other.value} />}
    </div>
  );
}

/** Person-hours of a frame by region: people without in each step, times its hours. */
function sums(of: Run, frame: string): number[] {
  const total = of.regions.map(() => 0);
  for (const row of of.frames[frame] ?? []) {
    for (const [k, value] of row.entries()) total[k] = (total[k] ?? 0) + (value ?? 0) * of.step_hours;
  }
  return total;
}

function ByRegion({ now, then }: { now: Run; then: Run }) {
  const columns = (["people_without_heat", "people_without_power", "people_below_12"] as const).filter(
    (frame) => now.frames[frame] && then.frames[frame],
  );
  const [after, before] = [now, then].map((of) => columns.map((frame) => sums(of, frame)));
  const order = now.regions.map((_, k) => k).sort((a, b) => byName(regionName(now.regions[a] ?? ""), regionName(now.regions[b] ?? "")));
  return (
    <Table
      caption={t("changes.by_region")}
      columns={[{ head: t("regions.region") }, ...columns.map((frame) => ({ head: t(`changes.${frame}`), number: true }))]}
      rows={order.map((k) => [
        regionName(now.regions[k] ?? ""),
        ...columns.map((frame, c) => {
          const [a, b] = [after?.[c]?.[k] ?? 0, before?.[c]?.[k] ?? 0];
          return (
            <span key={frame}>
              <Num value={b} as={rounded} /> → <Num value={a} as={rounded} />
              <span class={`small change ${a < b ? "less" : a > b ? "more" : ""}`}> {a === b ? "" : signed(a - b)}</span>
            </span>
          );
        }),
      ])}
    />
  );
}

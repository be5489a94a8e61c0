// The map in numbers: every region at the hour shown. Opened by who wants it, and always printed.
import { useSignal } from "@preact/signals";
import type { Run } from "../contract";
import { instant, run, step } from "../data";
import { byName, degrees, hours, moment, rounded } from "../format";
import { Num, Table } from "../parts/table";
import { t } from "../texts";
import { regionName } from "./map";

export function Regions() {
  const open = useSignal(false);
  const now = run.value;
  if (!now || now.regions.length === 0) return null;
  return (
    <section class="card regions">
      <details
        onToggle={(event) => {
          open.value = event.currentTarget.open;
        }}
      >
        <summary>{t("regions.numbers")}</summary>
        {open.value && <Numbers of={now} />}
      </details>
      <div class="on-paper">
        <Numbers of={now} />
      </div>
    </section>
  );
}

const COLUMNS = [
  ["people_without_heat", rounded],
  ["people_without_power", rounded],
  ["people_without_gas", rounded],
  ["people_without_water", rounded],
  ["indoor_coldest_degc", degrees],
  ["hours_to_freezing", hours],
] as const;

function Numbers({ of }: { of: Run }) {
  const s = step.value;
  const known = COLUMNS.filter(([frame]) => of.frames[frame]?.some((row) => row.some((value) => value !== null && value !== 0)));
  const order = of.regions.map((_, k) => k).sort((a, b) => byName(regionName(of.regions[a] ?? ""), regionName(of.regions[b] ?? "")));
  return (
    <Table
      caption={t("regions.caption", { time: moment(instant(of, s)) })}
      columns={[
        { head: t("regions.region") },
        { head: t("regions.people"), number: true },
        ...known.map(([frame]) => ({ head: t(`regions.${frame}`), number: true })),
      ]}
      rows={order.map((k) => [
        regionName(of.regions[k] ?? ""),
        <Num key="p" value={of.region_people[k]} as={rounded} />,
        ...known.map(([frame, say]) => <Num key={frame} value={of.frames[frame]?.[s]?.[k]} as={say} />),
      ])}
    />
  );
}

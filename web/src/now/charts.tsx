// The whole case over time: people without, people in cold homes, how cold it is inside and out.
import { useComputed } from "@preact/signals";
import type { Frame, Run } from "../contract";
import { instant, run, step, steps, without } from "../data";
import { compact, degrees, plain, rounded } from "../format";
import { Chart, type Line } from "../parts/chart";
import { go } from "../state";
import { t } from "../texts";

const DASHES: Record<string, number[] | undefined> = { heat: undefined, power: [8, 4], gas: [2, 3], water: [10, 3, 2, 3] };

export function Charts() {
  const times = useComputed(() => {
    const now = run.value;
    return now ? Array.from({ length: steps(now) }, (_, k) => instant(now, k)) : [];
  });
  const lines = useComputed(() => (run.value ? servicesOf(run.value) : []));
  const inside = useComputed(() => (run.value ? indoorsOf(run.value) : null));
  const now = run.value;
  if (!now) return null;
  const pick = (at: number) => go({ step: at });
  return (
    <div class="charts">
      <Chart
        title={t("chart.without")}
        unit={t("unit.people")}
        times={times.value}
        lines={lines.value}
        at={step.value}
        pick={pick}
        say={rounded}
        tick={compact}
        zero
      />
      <Below times={times.value} />
      {inside.value && (
        <Chart
          title={t("chart.indoor")}
          unit="°C"
          times={times.value}
          lines={inside.value}
          at={step.value}
          pick={pick}
          say={degrees}
          tick={plain}
        />
      )}
    </div>
  );
}

/** Services that anybody is without; heat and power always. */
function servicesOf(of: Run): Line[] {
  return ["heat", "power", "gas", "water"]
    .filter((service, k) => k < 2 || Math.max(0, ...without(of, service)) >= 1)
    .map((service) => ({
      label: t(`service.${service}`),
      colour: service,
      values: without(of, service),
      ...(DASHES[service] ? { dash: DASHES[service] } : {}),
    }));
}

/** People in homes below the threshold at which hearts are strained, with the ends of the band. */
function Below({ times }: { times: number[] }) {
  const lines = useComputed(() => [
    { label: t("chart.central"), colour: "water", values: run.value?.series.people_below_12 ?? [] },
  ]);
  const series = run.value?.series ?? {};
  const [soonest, latest] = [series.people_below_12_low, series.people_below_12_high];
  if (!soonest || !latest || Math.max(...soonest) < 1) return null;
  return (
    <Chart
      title={t("chart.below", { degrees: 12 })}
      unit={t("unit.people")}
      times={times}
      lines={lines.value}
      band={{ low: latest, high: soonest }}
      at={step.value}
      pick={(at) => go({ step: at })}
      say={rounded}
      tick={compact}
      zero
    />
  );
}

/** Homes in the coldest region, all homes by people, and outdoors. */
function indoorsOf(of: Run): Line[] | null {
  const coldest = of.frames.indoor_coldest_degc;
  if (!coldest) return null;
  const lines: Line[] = [{ label: t("chart.coldest"), colour: "water", values: coldest.map(least) }];
  const mean = of.frames.indoor_mean_degc;
  if (mean) lines.push({ label: t("chart.mean"), colour: "heat", values: weighed(mean, of.region_people), dash: [8, 4] });
  if (of.series.outdoor_degc)
    lines.push({ label: t("chart.outdoor"), colour: "outdoor", values: of.series.outdoor_degc, dash: [2, 3] });
  return lines;
}

const least = (row: (number | null)[]): number | null => {
  const known = row.filter((value) => value !== null);
  return known.length ? Math.min(...known) : null;
};

function weighed(frame: Frame, people: number[]): (number | null)[] {
  return frame.map((row) => {
    let [sum, weight] = [0, 0];
    for (const [k, value] of row.entries()) {
      if (value === null) continue;
      sum += value * (people[k] ?? 0);
      weight += people[k] ?? 0;
    }
    return weight > 0 ? sum / weight : null;
  });
}

// Who does what when: a lane for each crew, unit and tanker; every bar can be reached and says why.
import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { day, midnightsShown, moment, zone } from "../format";
import { t } from "../texts";

export interface Bar {
  id: string;
  name: string;
  kind: string;
  from: number;
  to: number;
  /** the end may be as soon and as late as that */
  soonest?: number;
  latest?: number;
  /** on its way before it begins, ms */
  way?: number;
}

export interface Lane {
  id: string;
  head: string;
  sub?: string;
  bars: Bar[];
}

interface TimelineProps {
  lanes: { title: string; lanes: Lane[] }[];
  from: number;
  to: number;
  chosen: string | null;
  choose: (id: string) => void;
}

/** Lanes of a kind that are seen before somebody asks for all. */
const SHOWN = 12;

export function Timeline({ lanes, from, to, chosen, choose }: TimelineProps) {
  const span = Math.max(to - from, 3_600_000);
  const share = (time: number) => `${(100 * Math.min(Math.max((time - from) / span, 0), 1)).toFixed(3)}%`;
  const days = midnightsShown(from, to, zone.value, 9);
  return (
    <div class="timeline scroll" role="region" aria-label={t("plan.timeline")} tabIndex={0}>
      <div class="lanes">
        <div class="lane axis" aria-hidden="true">
          <span class="who" />
          <span class="track">
            {days.map((at) => (
              <span key={at} class="day" style={{ left: share(at) }}>
                {day(at)}
              </span>
            ))}
          </span>
        </div>
        {lanes.map(
          (part) =>
            part.lanes.length > 0 && (
              <Part key={part.title} title={part.title} lanes={part.lanes}>
                {(lane) => (
                  <div class="lane" key={lane.id}>
                    <span class="who">
                      <bdi>{lane.head}</bdi>
                      {lane.sub && <small class="quiet">{lane.sub}</small>}
                    </span>
                    <span class="track">
                      {days.map((at) => (
                        <i key={at} class="midnight" style={{ left: share(at) }} />
                      ))}
                      {lane.bars.map((bar) => (
                        <One key={bar.id} bar={bar} share={share} chosen={chosen === bar.id} choose={choose} />
                      ))}
                    </span>
                  </div>
                )}
              </Part>
            ),
        )}
      </div>
    </div>
  );
}

function Part({ title, lanes, children }: { title: string; lanes: Lane[]; children: (lane: Lane) => ComponentChildren }) {
  const all = useSignal(false);
  const seen = all.value ? lanes : lanes.slice(0, SHOWN);
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {seen.map(children)}
      {lanes.length > SHOWN && (
        <button type="button" class="link" aria-expanded={all.value} onClick={() => (all.value = !all.value)}>
          {all.value ? t("plan.fewer") : t("plan.more", { count: lanes.length - SHOWN })}
        </button>
      )}
    </section>
  );
}

interface OneProps {
  bar: Bar;
  share: (time: number) => string;
  chosen: boolean;
  choose: (id: string) => void;
}

function One({ bar, share, chosen, choose }: OneProps) {
  const between = (low: number, high: number) => `calc(${share(high)} - ${share(low)})`;
  return (
    <>
      {bar.way !== undefined && bar.way > 0 && (
        <i class="way" style={{ left: share(bar.from - bar.way), width: between(bar.from - bar.way, bar.from) }} />
      )}
      {bar.latest !== undefined && bar.latest > bar.to && (
        <i class="later" style={{ left: share(bar.to), width: between(bar.to, bar.latest) }} />
      )}
      <button
        type="button"
        class={`bar ${bar.kind}`}
        aria-pressed={chosen}
        aria-label={t("plan.bar", { name: bar.name, from: moment(bar.from), to: moment(bar.to) })}
        title={bar.name}
        style={{ left: share(bar.from), width: between(bar.from, bar.to) }}
        onClick={() => choose(bar.id)}
      >
        <span>{bar.name}</span>
      </button>
      {bar.soonest !== undefined && bar.soonest < bar.to && <i class="soonest" style={{ left: share(bar.soonest) }} />}
    </>
  );
}

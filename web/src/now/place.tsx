// One region: how cold its homes get, what must be decided by when, what broke, who needs a warm place tonight.
import { effect, signal, useComputed, useSignal } from "@preact/signals";
import { get, path } from "../api";
import type { Cause, Decision, Group, PlaceDocument, WarmingPoint } from "../contract";
import { drawing, instant, run, step, steps } from "../data";
import { date, degrees, hours, megawatts, moment, percent, plain, rounded, whole } from "../format";
import { Chart } from "../parts/chart";
import { Num } from "../parts/table";
import { Retold } from "../parts/words";
import { go, place } from "../state";
import { has, t } from "../texts";
import { unitsAt } from "./assets_data";
import { regionName, unitInWords } from "./map";

const told = signal<{ run: string; place: PlaceDocument } | null>(null);

effect(() => {
  const [id, region] = [run.value?.id, place.value];
  if (!id || region === null) return;
  get<PlaceDocument>(path("api", "scenarios", id, "places", region)).then(
    (found) => {
      if (run.value?.id === id && place.value === region) told.value = { run: id, place: found };
    },
    () => undefined, // the map goes on without it
  );
});

export function Place() {
  const now = run.value;
  const region = place.value;
  if (!now || region === null || !now.regions.includes(region)) return <p class="quiet">{t("place.choose")}</p>;
  const found = told.value?.place.region === region ? told.value.place : null;
  return (
    <article class="place">
      <header>
        <h2>{regionName(region)}</h2>
        <button type="button" class="plain" onClick={() => go({ place: null, side: "charts" }, true)}>
          {t("place.close")}
        </button>
      </header>
      <Figures region={region} found={found} />
      {found ? <Told found={found} /> : <p class="quiet">{t("state.loading")}</p>}
    </article>
  );
}

/** What the map shows of the region, in one line each. */
function Figures({ region, found }: { region: string; found: PlaceDocument | null }) {
  const now = run.value;
  const k = now?.regions.indexOf(region) ?? -1;
  if (!now || k < 0) return null;
  const people = now.region_people[k] ?? 0;
  const value = (frame: string) => now.frames[frame]?.[step.value]?.[k];
  return (
    <dl class="figures">
      <div>
        <dt>{t("regions.people")}</dt>
        <dd>
          <Num value={people} as={rounded} />
          {found?.vulnerable_share != null && (
            <span class="quiet small"> {t("place.vulnerable", { share: percent(found.vulnerable_share) })}</span>
          )}
        </dd>
      </div>
      {["heat", "power", "gas", "water"]
        .filter((service, n) => n < 2 || (value(`people_without_${service}`) ?? 0) >= 1)
        .map((service) => {
          const n = value(`people_without_${service}`);
          return (
            <div key={service}>
              <dt>{t(`regions.people_without_${service}`)}</dt>
              <dd>
                <Num value={n} as={rounded} /> <span class="quiet small">{people > 0 && percent((n ?? 0) / people)}</span>
              </dd>
            </div>
          );
        })}
      {now.frames.indoor_coldest_degc && (
        <div>
          <dt>{t("regions.indoor_coldest_degc")}</dt>
          <dd>
            <Num value={value("indoor_coldest_degc")} as={degrees} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Told({ found }: { found: PlaceDocument }) {
  const tonight = found.warming_points.find((one) => Date.parse(one.until) > (run.value ? instant(run.value, step.value) : 0));
  return (
    <>
      {found.decisions.length > 0 && <Decisions key={found.region} of={found.decisions} />}
      <Units region={found.region} />
      {found.groups.length > 0 && <Forecast groups={found.groups} />}
      <section>
        <h3>{t("place.tonight")}</h3>
        {tonight ? <Tonight of={tonight} /> : <p class="quiet">{t("place.nobody")}</p>}
      </section>
      {found.causes.length > 0 && <Causes of={found.causes} />}
    </>
  );
}

/** What is still to be begun comes first; a region of a big city has dozens of groups. */
function Decisions({ of }: { of: Decision[] }) {
  const all = useSignal(of.length <= FIRST + 1);
  const now = run.value ? instant(run.value, step.value) : 0;
  const past = (one: Decision) => Number(one.start_by !== null && Date.parse(one.start_by) < now);
  const due = [...of].sort((one, other) => past(one) - past(other));
  return (
    <section>
      <h3>{t("place.decide")}</h3>
      <ul class="decisions">
        {due.map((one, k) => (
          <OneDecision key={one.group} of={one} printed={!all.value && k >= FIRST} />
        ))}
      </ul>
      {!all.value && (
        <button type="button" class="link" onClick={() => (all.value = true)}>
          {t("place.more", { count: due.length - FIRST })}
        </button>
      )}
    </section>
  );
}

const FIRST = 3;

function OneDecision({ of, printed }: { of: Decision; printed: boolean }) {
  return (
    <li class={`${of.choice} ${printed ? "printed" : ""}`}>
      <p>
        <strong class="tag">{t(`place.${of.choice}`)}</strong> {of.group}{" "}
        <span class="quiet">{t("place.buildings", { count: Math.round(of.buildings), number: whole(of.buildings), people: rounded(of.people) })}</span>
      </p>
      <p>
        {t("place.begin_by", { time: moment(of.start_by) })} {t("place.plugs", { time: moment(of.drain_by) })}{" "}
        <span class="quiet">
          {t("place.hours_left", { low: hours(of.hours_left.low), central: hours(of.hours_left.central) })}
        </span>
      </p>
      <p class="quiet small">
        {t("place.why", {
          chance: percent(of.back_in_time),
          needed: percent(of.indifference),
          hold: rounded(of.cold_person_hours.hold),
          drain: rounded(of.cold_person_hours.drain),
        })}
      </p>
    </li>
  );
}

/** The mobile units that work in the region at the hour shown. */
function Units({ region }: { region: string }) {
  const here = run.value ? unitsAt(region, instant(run.value, step.value)) : [];
  if (here.length === 0) return null;
  return (
    <section>
      <h3>{t("place.units")}</h3>
      <ul class="causes">
        {here.map((one) => (
          <li key={`${one.unit} ${one.target} ${one.begin}`}>
            {unitInWords(one)}{" "}
            <span class="quiet small">{one.end ? t("place.unit_until", { time: moment(one.end) }) : t("place.unit_stays")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The homes of one group at a time, with the band that thermal parameters leave. */
function Forecast({ groups }: { groups: Group[] }) {
  const chosen = useSignal(coldest(groups).group);
  const group = groups.find((one) => one.group === chosen.value) ?? coldest(groups);
  const times = useComputed(() => {
    const now = run.value;
    return now ? Array.from({ length: steps(now) }, (_, k) => instant(now, k)) : [];
  });
  return (
    <section>
      <label class="field">
        {t("place.homes")}
        <select
          value={group.group}
          onChange={(event) => {
            chosen.value = event.currentTarget.value;
          }}
        >
          {groups.map((one) => (
            <option key={one.group} value={one.group}>
              {one.group}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet small">
        <Retold of={group.archetype} /> · {t("place.buildings", { count: Math.round(group.buildings), number: whole(group.buildings), people: rounded(group.people) })}
      </p>
      <Chart
        title={t("place.indoor", { group: group.group })}
        unit="°C"
        times={times.value}
        lines={[{ label: t("chart.central"), colour: "water", values: group.indoor_degc.central }]}
        band={{ low: group.indoor_degc.low, high: group.indoor_degc.high }}
        at={step.value}
        pick={(at) => go({ step: at })}
        say={degrees}
        tick={plain}
      />
    </section>
  );
}

/** The group whose homes get coldest: where to look first. */
function coldest(groups: Group[]): Group {
  const least = (of: Group) => Math.min(...of.indoor_degc.central.map((value) => value ?? Infinity));
  return [...groups].sort((one, other) => least(one) - least(other))[0] as Group;
}

function Tonight({ of }: { of: WarmingPoint }) {
  return (
    <p>
      <b>{t("place.warm_people", { people: rounded(of.people.central) })}</b>{" "}
      {t("place.warm_more", {
        night: date(of.from),
        from: moment(of.from),
        until: moment(of.until),
        low: rounded(of.people.high),
        high: rounded(of.people.low),
        vulnerable: rounded(of.vulnerable.central),
      })}
    </p>
  );
}

/** What broke, each asset once, with the groups that it leaves cold. */
function Causes({ of }: { of: Cause[] }) {
  const byAsset = new Map<string, { cause: Cause; groups: Set<string> }>();
  for (const cause of of) {
    const key = `${cause.asset ?? ""} ${cause.kind}`;
    const known = byAsset.get(key) ?? { cause, groups: new Set<string>() };
    known.groups.add(cause.group);
    byAsset.set(key, known);
  }
  const kind = (cause: Cause) => (has(`cause.${cause.kind}`) ? t(`cause.${cause.kind}`) : cause.kind);
  return (
    <section>
      <h3>{t("place.causes")}</h3>
      <ul class="causes">
        {[...byAsset.values()].map(({ cause, groups }) => (
          <li key={`${cause.asset} ${cause.kind}`}>
            {cause.asset ? (
              <button type="button" class="link" onClick={() => go({ asset: cause.asset, side: "assets" }, true)}>
                {cause.asset}
              </button>
            ) : (
              t("cause.nothing")
            )}{" "}
            {kind(cause)}
            {cause.missing_mw !== null && cause.missing_mw > 0 && ` · ${t("place.missing", { mw: megawatts(cause.missing_mw) })}`}
            <span class="quiet small" title={[...groups].join(", ")}>
              {" "}
              {groups.size > FIRST ? t("place.groups", { count: groups.size }) : [...groups].join(", ")}
              {cause.source && ` · ${cause.source}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Regions by name, for who chooses one from a list. */
export const regionNames = () =>
  (drawing.value?.features.map((feature) => feature.id) ?? run.value?.regions ?? []).map((id) => ({ id, name: regionName(id) }));

// A mobile boiler or generator, brought to a place.
import { useSignal } from "@preact/signals";
import { get, path, type Trouble } from "../api";
import type { PlaceDocument } from "../contract";
import { board, change, instant, run, step, steps } from "../data";
import { plain } from "../format";
import { Faults } from "../parts/notices";
import { When } from "../parts/when";
import { place } from "../state";
import { t } from "../texts";
import { iso } from "../zone";
import { regionNames } from "./place";

type Kind = "boiler" | "generator";

export function AddUnit() {
  const kind = useSignal<Kind>("boiler");
  const region = useSignal(place.value ?? "");
  const targets = useSignal<string[]>([]);
  const target = useSignal("");
  const stock = board.value?.has.units.find((one) => one.unit === kind.value)?.mw;
  const mw = useSignal("");
  const now = run.value;
  const from = useSignal<number | null>(null);
  const until = useSignal<number | null>(null);
  const trouble = useSignal<Trouble | null>(null);
  if (!now || !now.regions.length) return null;

  const look = async (name: string) => {
    region.value = name;
    targets.value = [];
    if (!name) return;
    try {
      const found = await get<PlaceDocument>(path("api", "scenarios", now.id, "places", name));
      const buses = found.groups.map((group) => (kind.value === "boiler" ? group.heat_bus : group.power_bus));
      targets.value = [...new Set(buses.filter(Boolean))];
      target.value = targets.value[0] ?? "";
    } catch {
      target.value = "";
    }
  };
  const size = Number(mw.value || stock || 1);
  const send = (event: Event) => {
    event.preventDefault();
    const begin = from.value ?? instant(now, step.value);
    void change({
      kind: "unit",
      unit: kind.value,
      target: target.value,
      mw: size,
      from: iso(begin),
      until: until.value === null ? null : iso(until.value),
    }).then((found) => {
      trouble.value = found;
    });
  };
  return (
    <details
      class="add"
      onToggle={(event) => {
        if (event.currentTarget.open && !targets.value.length) void look(region.value || (regionNames()[0]?.id ?? ""));
      }}
    >
      <summary>{t("unit_form.title")}</summary>
      <form onSubmit={send}>
        <label class="field">
          {t("unit_form.kind")}
          <select
            value={kind.value}
            onChange={(event) => {
              kind.value = event.currentTarget.value === "generator" ? "generator" : "boiler";
              void look(region.value);
            }}
          >
            <option value="boiler">{t("unit_form.boiler")}</option>
            <option value="generator">{t("unit_form.generator")}</option>
          </select>
        </label>
        <label class="field">
          {t("regions.region")}
          <select value={region.value} onChange={(event) => void look(event.currentTarget.value)}>
            {regionNames().map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {t("unit_form.target")}
          <select
            value={target.value}
            onChange={(event) => {
              target.value = event.currentTarget.value;
            }}
          >
            {targets.value.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {t("unit_form.mw")}
          <input
            type="number"
            min="0.001"
            max="200"
            step="any"
            required
            value={mw.value || plain(stock ?? 1).replace(",", ".")}
            onInput={(event) => {
              mw.value = event.currentTarget.value;
            }}
          />
        </label>
        <When
          label={t("editor.out_from")}
          value={from.value ?? instant(now, step.value)}
          from={Date.parse(now.start)}
          to={instant(now, steps(now))}
          change={(at) => {
            from.value = at;
          }}
        />
        <When
          label={t("editor.out_to")}
          value={until.value}
          from={from.value ?? Date.parse(now.start)}
          optional
          change={(at) => {
            until.value = at;
          }}
        />
        <button type="submit" class="main" disabled={!target.value || !(size > 0)}>
          {t("unit_form.add")}
        </button>
      </form>
      {trouble.value && (
        <div class="notice bad" role="alert">
          <strong>{t("changes.refused")}</strong>
          <Faults of={trouble.value} />
        </div>
      )}
    </details>
  );
}

// What may be changed of one asset: back sooner or later, out (one alone, after a question), its repair moved.
import { useSignal } from "@preact/signals";
import type { Trouble } from "../api";
import type { Edit } from "../contract";
import { board, change, instant, run, step, steps } from "../data";
import { moment } from "../format";
import { Confirm } from "../parts/confirm";
import { Faults } from "../parts/notices";
import { When } from "../parts/when";
import { t } from "../texts";
import { iso } from "../zone";
import { type Asset, conditionAt } from "./assets_data";
import { regionName } from "./map";

export function Editor({ of }: { of: Asset }) {
  const trouble = useSignal<Trouble | null>(null);
  const busy = useSignal(false);
  const now = run.value;
  if (!now) return null;
  const make = async (edit: Edit) => {
    busy.value = true;
    trouble.value = await change(edit);
    busy.value = false;
  };
  const span = { from: Date.parse(now.start), to: instant(now, steps(now)) };
  const fixed = board.value?.read_only ?? true;
  return (
    <div class="editor">
      <Known of={of} />
      {trouble.value && (
        <div class="notice bad" role="alert">
          <strong>{t("changes.refused")}</strong>
          <Faults of={trouble.value} />
        </div>
      )}
      {!fixed && (
        <fieldset disabled={busy.value}>
          <legend class="heard">{of.asset}</legend>
          {of.can.includes("back") && of.out.length > 0 && <Back of={of} make={make} {...span} />}
          {of.can.includes("shift") && <Shift of={of} make={make} {...span} />}
          {of.can.includes("out") && <Out of={of} make={make} {...span} />}
        </fieldset>
      )}
    </div>
  );
}

/** Who says that it is out, and what is planned. */
function Known({ of }: { of: Asset }) {
  if (!of.out.length && !of.planned) return null;
  return (
    <ul class="known small">
      {of.out.map((row) => (
        <li key={`${row.from}${row.until}`}>
          {row.until
            ? t("editor.out_until", { from: moment(row.from), until: moment(row.until) })
            : t("editor.out_open", { from: moment(row.from) })}
          {row.source && <span class="quiet"> · {row.source}</span>}
        </li>
      ))}
      {of.planned && (
        <li>
          {t("editor.planned", { begin: moment(of.planned.begin), end: moment(of.planned.end) })}
          {of.planned.crews.length > 0 && <span class="quiet"> · {of.planned.crews.join(", ")}</span>}
        </li>
      )}
    </ul>
  );
}

interface Part {
  of: Asset;
  make: (edit: Edit) => Promise<void>;
  from: number;
  to: number;
}

function Back({ of, make, from, to }: Part) {
  const now = run.value;
  const begun = Math.min(...of.out.map((row) => Date.parse(row.from)));
  const shown = now ? instant(now, step.value) : from;
  const when = useSignal<number | null>(Math.min(to, Math.max(shown, begun + 3_600_000)));
  const send = (event: Event) => {
    event.preventDefault();
    if (when.value !== null) void make({ kind: "back", asset: of.asset, at: iso(when.value) });
  };
  return (
    <form onSubmit={send}>
      <When
        label={t("editor.back_at")}
        value={when.value}
        from={Math.max(from, begun)}
        to={to}
        change={(at) => {
          when.value = at;
        }}
      />
      <button type="submit" class="main" disabled={when.value === null}>
        {t("editor.back")}
      </button>
    </form>
  );
}

function Shift({ of, make, from, to }: Part) {
  const when = useSignal<number | null>(of.planned?.begin ? Date.parse(of.planned.begin) : from);
  const send = (event: Event) => {
    event.preventDefault();
    if (when.value !== null) void make({ kind: "shift", asset: of.asset, not_before: iso(when.value) });
  };
  return (
    <form onSubmit={send}>
      <When
        label={t("editor.shift_to")}
        value={when.value}
        from={from}
        to={to}
        change={(at) => {
          when.value = at;
        }}
      />
      <button type="submit" disabled={when.value === null}>
        {t("editor.shift")}
      </button>
      {of.can.includes("first") && (
        <button type="button" onClick={() => void make({ kind: "first", asset: of.asset })}>
          {t("editor.first")}
        </button>
      )}
    </form>
  );
}

/** One asset, by one person, after a question that says what it is. */
function Out({ of, make, from, to }: Part) {
  const now = run.value;
  const shown = now ? instant(now, step.value) : from;
  const begin = useSignal<number | null>(shown);
  const end = useSignal<number | null>(null);
  const asking = useSignal(false);
  if (conditionAt(of, shown) === "out") return null;
  const send = (event: Event) => {
    event.preventDefault();
    if (begin.value !== null) asking.value = true;
  };
  const answer = (yes: boolean) => {
    asking.value = false;
    if (!yes || begin.value === null) return;
    void make({
      kind: "out",
      asset: of.asset,
      at: iso(begin.value),
      until: end.value === null ? null : iso(end.value),
      available: 0,
    });
  };
  return (
    <details class="out">
      <summary>{t("editor.take_out")}</summary>
      <form onSubmit={send}>
        <When
          label={t("editor.out_from")}
          value={begin.value}
          from={from}
          to={to}
          change={(at) => {
            begin.value = at;
          }}
        />
        <When
          label={t("editor.out_to")}
          value={end.value}
          from={begin.value ?? from}
          optional
          change={(at) => {
            end.value = at;
          }}
        />
        <button type="submit" disabled={begin.value === null}>
          {t("editor.out")}
        </button>
      </form>
      {asking.value && (
        <Confirm title={t("editor.out_question", { asset: of.asset })} yes={t("editor.out_yes")} answer={answer}>
          <p>
            {t("editor.out_means", {
              asset: of.asset,
              region: of.region ? regionName(of.region) : t("editor.no_region"),
              from: moment(begin.value),
              until: end.value === null ? t("editor.open_end") : moment(end.value),
            })}
          </p>
        </Confirm>
      )}
    </details>
  );
}

// The assets as a list: those that are damaged first, then by name; none that stands is ranked.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { board, instant, run, step } from "../data";
import { byName, megawatts, moment } from "../format";
import { asset as chosen, go } from "../state";
import { has, t } from "../texts";
import { type Asset, assets, type Condition, conditionAt } from "./assets_data";
import { Editor } from "./editor";
import { regionName } from "./map";
import { Mark } from "./mark";
import { AddUnit } from "./unit";

const SHOWN = 40; // rows at first: a country has hundreds

export function Assets() {
  const words = useSignal("");
  const which = useSignal<"damaged" | "all">("all");
  const more = useSignal(false);
  const now = run.value;
  const found = useComputed(() => {
    const wanted = words.value.trim().toLocaleLowerCase();
    return assets.value
      .filter((one) => which.value === "all" || one.out.length > 0)
      .filter((one) => !wanted || spoken(one).toLocaleLowerCase().includes(wanted))
      .sort((one, other) => Number(other.out.length > 0) - Number(one.out.length > 0) || byName(one.asset, other.asset));
  });
  if (!now) return null;
  const at = instant(now, step.value);
  const all = found.value;
  const rows = more.value ? all : all.slice(0, SHOWN);
  const one = all.find(({ asset }) => asset === chosen.value);
  if (one && !rows.includes(one)) rows.push(one);
  return (
    <div class="assets">
      <div class="filters" role="search">
        <label class="field">
          {t("assets.find")}
          <input
            type="search"
            value={words.value}
            onInput={(event) => {
              words.value = event.currentTarget.value;
            }}
          />
        </label>
        <label class="field">
          {t("assets.which")}
          <select
            value={which.value}
            onChange={(event) => {
              which.value = event.currentTarget.value === "all" ? "all" : "damaged";
            }}
          >
            <option value="all">{t("assets.all")}</option>
            <option value="damaged">{t("assets.damaged")}</option>
          </select>
        </label>
      </div>
      {!board.value?.read_only && <AddUnit />}
      <p class="quiet small" role="status">
        {t("assets.count", { count: all.length })}
      </p>
      <ul class="rows">
        {rows.map((each) => (
          <Row key={each.asset} of={each} condition={conditionAt(each, at)} />
        ))}
      </ul>
      {rows.length < all.length && (
        <button
          type="button"
          onClick={() => {
            more.value = true;
          }}
        >
          {t("assets.more", { count: all.length - rows.length })}
        </button>
      )}
    </div>
  );
}

const classOf = (of: Asset): string => {
  const name = of.class || of.kind;
  return has(`says.kind.${name}`) ? t(`says.kind.${name}`) : name;
};

/** Everything of an asset that somebody may look for. */
const spoken = (of: Asset) => [of.asset, of.class, classOf(of), of.region ?? "", of.region ? regionName(of.region) : ""].join(" ");

function Row({ of, condition }: { of: Asset; condition: Condition }) {
  const open = chosen.value === of.asset;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  return (
    <li ref={row} class={open ? "open" : ""}>
      <button
        type="button"
        class="row"
        aria-expanded={open}
        onClick={() => go({ asset: open ? null : of.asset })}
      >
        <svg viewBox="0 0 14 14" aria-hidden="true">
          <Mark condition={condition} x={7} y={7} size={12} />
        </svg>
        <span class="what">
          <b>{of.asset}</b>
          <span class="quiet small">
            {[classOf(of), of.region && regionName(of.region), of.mw ? megawatts(of.mw) : ""].filter(Boolean).join(" · ")}
          </span>
        </span>
        <span class={`state ${condition}`}>{stateOf(of, condition)}</span>
      </button>
      {open && <Editor of={of} />}
    </li>
  );
}

/** What is known of it at the hour shown: out until when, mended since when. */
function stateOf(of: Asset, condition: Condition): string {
  const last = of.out.at(-1);
  if (condition === "out" || condition === "part")
    return last?.until ? t("assets.until", { time: moment(last.until) }) : t("assets.no_end");
  if (condition === "back") return t("assets.since", { time: moment(last?.until) });
  if (condition === "later") return t("assets.from", { time: moment(of.out[0]?.from) });
  return t("condition.intact");
}

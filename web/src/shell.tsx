// The frame of every view: what case, which view, language, what went wrong; the view itself.
import { useEffect } from "preact/hooks";
import { path } from "./api";
import { board, redo, run, scenario, undo, working } from "./data";
import { Lazy } from "./lazy";
import { Difference } from "./now/difference";
import { Now } from "./now/now";
import { Menu } from "./parts/menu";
import { Offline, ReadOnly, Troubled, Working } from "./parts/notices";
import { TABS } from "./route";
import { announce, announced, go, link, tab } from "./state";
import { language, speak, t } from "./texts";

const FORMATS = ["xlsx", "geojson", "hxl", "cap", "ics", "parquet", "json"];

export function Shell() {
  useEffect(() => {
    addEventListener("keydown", shortcut);
    return () => removeEventListener("keydown", shortcut);
  }, []);
  const known = board.value;
  const view = viewOf();
  document.title = known ? `${t(`tab.${view}`)} · ${known.case.title || known.case.name}` : "keepwarm";
  return (
    <>
      <a class="skip" href="#main" onClick={toMain}>
        {t("page.skip")}
      </a>
      <header class="top">
        <div class="case">
          <p class="name">keepwarm</p>
          <h1 title={known?.case.title}>{known?.case.title || known?.case.name || ""}</h1>
        </div>
        <Tabs />
        <div class="tools">
          <HandOver />
          <CopyLink />
          <Languages />
        </div>
      </header>
      <Offline />
      <ReadOnly />
      <main id="main" tabIndex={-1} aria-busy={working.value !== null} data-run={run.value?.id}>
        <Working />
        <Troubled />
        {known && (view === "now" ? <Now /> : <Lazy view={view} />)}
      </main>
      {view === "now" && <Difference />}
      <footer class="bottom">
        {known && <p>{t("page.foot", { version: known.version })}</p>}
        {known?.case.provenance && <p>{known.case.provenance}</p>}
      </footer>
      <p class="heard" role="status" aria-live="polite">
        {announced.value}
      </p>
    </>
  );
}

/** The view of the address; a run to read has its situation alone. */
const viewOf = () => (board.value?.read_only ? "now" : tab.value);

function toMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** Ctrl+Z and Ctrl+Shift+Z, unless somebody is writing. */
function shortcut(event: KeyboardEvent): void {
  const fields = "input:not([type=range], [type=radio], [type=checkbox]), textarea, select, dialog";
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.code !== "KeyZ") return;
  if (event.target instanceof Element && event.target.closest(fields)) return;
  event.preventDefault();
  if (event.shiftKey) redo();
  else undo();
}

function Tabs() {
  return (
    <nav class="tabs" aria-label={t("page.views")}>
      {TABS.filter((one) => one === "now" || !board.value?.read_only).map((one) => (
        <a
          key={one}
          href={`#/${one}`}
          aria-current={viewOf() === one ? "page" : undefined}
          onClick={(event) => {
            event.preventDefault();
            go({ tab: one }, true);
          }}
        >
          {t(`tab.${one}`)}
        </a>
      ))}
    </nav>
  );
}

function HandOver() {
  const id = scenario.value?.id;
  if (!id) return null;
  return (
    <Menu label={t("page.hand_over")}>
      <a href={`${path("api", "scenarios", id, "brief")}?lang=${language.value}`} target="_blank" rel="noopener">
        {t("page.brief")}
      </a>
      {FORMATS.map((format) => (
        <a key={format} href={`${path("api", "scenarios", id, "export", format)}?lang=${language.value}`} download>
          {t(`export.${format}`)}
        </a>
      ))}
      <button type="button" onClick={() => print()}>
        {t("page.print")}
      </button>
    </Menu>
  );
}

function CopyLink() {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link());
      announce(t("page.copied"));
    } catch {
      prompt(t("page.copy_by_hand"), link());
    }
  };
  return (
    <button type="button" class="tool" onClick={() => void copy()}>
      {t("page.copy")}
    </button>
  );
}

function Languages() {
  const known = board.value?.languages ?? [];
  if (known.length < 2) return null;
  return (
    <label class="languages">
      <span class="heard">{t("page.language")}</span>
      <select
        value={language.value}
        onChange={(event) => {
          const code = event.currentTarget.value;
          void speak(code).then(() => go({ language: code }));
        }}
      >
        {known.map(({ code, name }) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

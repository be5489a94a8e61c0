// A text is handed in: pasted or as a file; what is read of it stands in the ledger.
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Trouble } from "../api";
import { board } from "../data";
import { Faults } from "../parts/notices";
import { announce } from "../state";
import { t } from "../texts";
import { chosen, handIn, load, open, who } from "./ledger";

const MOST = 2_000_000;

export function HandIn({ unfolded }: { unfolded: boolean }) {
  const text = useSignal("");
  const about = { title: useSignal(""), url: useSignal(""), published: useSignal("") };
  const file = useRef<HTMLInputElement>(null);
  const busy = useSignal(false);
  const failed = useSignal<Trouble | null>(null);
  const send = async () => {
    const given = file.current?.files?.[0];
    const content = given ?? new Blob([text.value], { type: "text/plain" });
    if (content.size === 0 || content.size > MOST) {
      failed.value = new Trouble(t(content.size ? "reports.too_long" : "reports.nothing_given"), 413);
      return;
    }
    busy.value = true;
    failed.value = null;
    try {
      const said = Object.fromEntries(Object.entries(about).map(([key, one]) => [key, one.value.trim()]));
      const name = given ? given.name.replace(/\.[^.]*$/, "") : said.title || t("reports.pasted");
      const added = await handIn(content, { ...said, name, who: who.value });
      await load();
      await open(added.document);
      chosen.value = null;
      announce(t("reports.read_done", { document: added.document }));
      text.value = "";
      for (const one of Object.values(about)) one.value = "";
      if (file.current) file.current.value = "";
    } catch (caught) {
      failed.value = caught instanceof Trouble ? caught : new Trouble(String(caught), 500);
    } finally {
      busy.value = false;
    }
  };
  if (board.value?.read_only) return null;
  return (
    <details class="card hand-in" open={unfolded}>
      <summary>
        <h2>{t("reports.hand_in")}</h2>
      </summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label class="field whole">
          {t("reports.paste")}
          <textarea rows={6} dir="auto" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <label class="field">
          {t("reports.file")}
          <input type="file" ref={file} accept=".txt,.html,.htm,.md,text/plain,text/html" />
        </label>
        <label class="field">
          {t("reports.title_field")}
          <input dir="auto" maxLength={500} value={about.title.value} onInput={(event) => (about.title.value = event.currentTarget.value)} />
        </label>
        <label class="field">
          {t("reports.url_field")}
          <input type="text" inputMode="url" maxLength={500} value={about.url.value} onInput={(event) => (about.url.value = event.currentTarget.value)} />
        </label>
        <label class="field">
          {t("reports.published_field")}
          <input type="date" value={about.published.value} onInput={(event) => (about.published.value = event.currentTarget.value)} />
        </label>
        <button type="submit" class="main" disabled={busy.value}>
          {t(busy.value ? "reports.reading" : "reports.read")}
        </button>
      </form>
      <p class="small quiet">{t("reports.hand_in_help")}</p>
      {failed.value && (
        <div class="notice bad" role="alert">
          <Faults of={failed.value} />
        </div>
      )}
    </details>
  );
}

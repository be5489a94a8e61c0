// A text as it was handed in, the words of its claims highlighted; beside it what each claim says.
import { useEffect, useRef } from "preact/hooks";
import { languageName } from "../format";
import { announce } from "../state";
import { t } from "../texts";
import { Plain, Words } from "../parts/words";
import { type Kept, type Opened, type Piece, chosen, claimOf } from "./ledger";
import { known, metric, source, value } from "./words";

export function Document({ of }: { of: Opened }) {
  const text = useRef<HTMLDivElement>(null);
  const at = of.claims.findIndex((one) => one.name === chosen.value);
  useEffect(() => {
    if (at < 0) return;
    const first = text.current?.querySelector(`[data-claims~="${at}"]`);
    first?.scrollIntoView({ block: "nearest" });
  }, [at, of.name]);
  return (
    <article class="card document" aria-label={of.title || of.name}>
      <h2>
        <Words of={of.title || of.name} />
      </h2>
      <p class="small quiet">
        {[of.published, of.language && t("reports.in_language", { language: languageName(of.language) }), of.person && t("reports.handed_by", { who: "" })]
          .filter(Boolean)
          .join(" · ")}
        {of.person && <Words of={of.person} />}
        {of.url && (
          <>
            {" · "}
            <Words of={of.url} />
          </>
        )}
      </p>
      {of.kind === "table" && <p class="quiet">{t("reports.no_text")}</p>}
      {!of.language && of.kind === "text" && <p class="notice">{t("reports.no_language")}</p>}
      <div class="text" ref={text} lang={of.language || undefined} dir="auto" role="region" aria-label={t("reports.text")} tabIndex={0}>
        {of.pieces.map((piece, k) => (
          <One key={k} piece={piece} of={of} at={at} />
        ))}
      </div>
      <Unread of={of} />
    </article>
  );
}

/** Words that belong to claims; where several share them, choosing goes round them. */
function One({ piece, of, at }: { piece: Piece; of: Opened; at: number }) {
  if (piece.claims.length === 0) {
    if (piece.unread === null) return <Plain of={piece.text} />;
    return (
      <span class="unread" title={t("reports.unread_number")}>
        <Plain of={piece.text} />
      </span>
    );
  }
  const own = piece.claims.includes(at);
  const next = () => {
    const place = piece.claims.indexOf(at);
    const name = of.claims[piece.claims[(place + 1) % piece.claims.length] ?? 0]?.name;
    if (!name) return;
    chosen.value = name;
    const claim = claimOf.value.get(name);
    if (claim) announce(`${metric(claim.claim)} ${value(claim.claim)}`);
  };
  return (
    <mark class={own ? "own" : piece.claims.length > 1 ? "shared" : undefined} data-claims={piece.claims.join(" ")} onClick={next}>
      <Plain of={piece.text} />
    </mark>
  );
}

/** The claims of a text as a list: the way to them by keyboard. */
export function Claims({ of }: { of: Opened }) {
  return (
    <ul class="claims" aria-label={t("reports.claims_of")}>
      {of.claims.map((one) => (
        <li key={one.name}>
          <ClaimButton one={claimOf.value.get(one.name) ?? one} />
        </li>
      ))}
      {of.claims.length === 0 && <li class="quiet">{t("reports.no_claims")}</li>}
    </ul>
  );
}

export function ClaimButton({ one }: { one: Kept }) {
  const tick = one.tick?.decision ?? "none";
  return (
    <button
      type="button"
      class={`claim is-${tick}`}
      aria-pressed={chosen.value === one.name}
      onClick={() => {
        chosen.value = one.name;
      }}
    >
      <span class="sign" aria-hidden="true">
        {{ accepted: "✓", rejected: "✗", withdrawn: "–", none: "?" }[tick]}
      </span>
      <span>
        {metric(one.claim)} <b>{value(one.claim)}</b>
        <small class="quiet">
          {" "}
          <Words of={source(one.claim)} />
          {one.claim.location && (
            <>
              {", "}
              <Words of={one.claim.location} />
            </>
          )}
        </small>
        <span class="heard">{t(tick === "none" ? "reports.undecided" : `reports.is_${tick}`)}</span>
      </span>
    </button>
  );
}

function Unread({ of }: { of: Opened }) {
  if (of.unread.length === 0) return null;
  return (
    <details>
      <summary>{t("reports.unread", { count: of.unread.length })}</summary>
      <ul class="small">
        {of.unread.map((one, k) => (
          <li key={k}>
            <Words of={one.text} />
            {one.reason && (
              <span class="quiet">
                {": "}
                <Words of={known("number", one.reason)} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

// Words that others wrote: shown as they are, never as markup, and never able to turn what stands around them.
import { Fragment } from "preact";
import { moment } from "../format";
import { retold } from "../texts";

/** Marks that change the direction of writing, and other signs that nobody sees. */
const UNSEEN = /([\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f])/;

const code = (sign: string) => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** A text in pieces: what cannot be seen is named in its place. */
export function Plain({ of }: { of: string }) {
  const parts = of.split(UNSEEN);
  if (parts.length === 1) return <>{of}</>;
  return (
    <>
      {parts.map((part, k) => (
        <Fragment key={k}>{k % 2 ? <span class="unseen">{code(part)}</span> : part}</Fragment>
      ))}
    </>
  );
}

/** Times as clocks of the case show them: the server says them in UTC. */
export const clocks = (text: string) => text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z/g, (time) => moment(time));

/** What the server says of a plan, a claim or a measure, in the language of the page. */
export function Retold({ of }: { of: string }) {
  return <Words of={clocks(retold(of))} />;
}

/** A name or a sentence of others within our own: its direction of writing stays its own. */
export function Words({ of }: { of: string }) {
  return (
    <bdi>
      <Plain of={of} />
    </bdi>
  );
}

// A field for a time in the case's zone.
import { useEffect, useRef } from "preact/hooks";
import { zone } from "../format";
import { t } from "../texts";
import { fromField, toField } from "../zone";

interface WhenProps {
  label: string;
  value: number | null;
  change: (instant: number | null) => void;
  from?: number;
  to?: number;
  optional?: boolean;
}

export function When({ label, value, change, from, to, optional }: WhenProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // what somebody is typing is left alone: "2" is a year on its way to 2026
    const shown = field.current;
    if (shown && shown !== document.activeElement && fromField(shown.value, zone.value) !== value)
      shown.value = value === null ? "" : toField(value, zone.value);
  }, [value]);
  return (
    <label class="field">
      {label}
      <input
        ref={field}
        type="datetime-local"
        min={from === undefined ? undefined : toField(from, zone.value)}
        max={to === undefined ? undefined : toField(to, zone.value)}
        required={!optional}
        onInput={(event) => change(fromField(event.currentTarget.value, zone.value))}
      />
      <span class="quiet small">{t("when.zone", { zone: zone.value })}</span>
    </label>
  );
}

// A field for a time in the case's zone.
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
  return (
    <label class="field">
      {label}
      <input
        type="datetime-local"
        value={value === null ? "" : toField(value, zone.value)}
        min={from === undefined ? undefined : toField(from, zone.value)}
        max={to === undefined ? undefined : toField(to, zone.value)}
        required={!optional}
        onInput={(event) => change(fromField(event.currentTarget.value, zone.value))}
      />
      <span class="quiet small">{t("when.zone", { zone: zone.value })}</span>
    </label>
  );
}

// A plain table: numbers to the right, the first column names the row.
import type { ComponentChildren } from "preact";

export interface Column {
  head: string;
  number?: boolean;
}

export function Table({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: Column[];
  rows: ComponentChildren[][];
}) {
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, k) => (
              <th key={k} scope="col" class={column.number ? "n" : undefined}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, k) =>
                k === 0 ? (
                  <th key={k} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={k} class={columns[k]?.number ? "n" : undefined}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A number as it is read, with its exact value beside it for machines. */
export function Num({ value, as }: { value: number | null | undefined; as: (value: number) => string }) {
  if (value === null || value === undefined || !Number.isFinite(value)) return <>–</>;
  return <data value={String(value)}>{as(value)}</data>;
}

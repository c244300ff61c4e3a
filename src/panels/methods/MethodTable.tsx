import type { KeyboardEvent, ReactNode } from "react";

interface MethodTableProps {
  /** sets of positions; null for the table's own */
  rows: readonly { positions: string | null; title: string }[];
  /** motions; null for none */
  columns: readonly { motionId: string | null; title: string }[];
  /** what stands in a cell, by row and column */
  children: (row: number, column: number) => ReactNode;
  onKeyDown?: (event: KeyboardEvent<HTMLTableElement>) => void;
  testId?: string;
}

/** Sets of positions down, motions across. */
export function MethodTable({ rows, columns, children, onKeyDown, testId }: MethodTableProps) {
  return (
    <table className="methods" onKeyDown={onKeyDown} data-testid={testId}>
      <thead>
        <tr>
          <td />
          {columns.map(({ motionId, title }) => (
            <th key={motionId ?? "raw"} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ positions, title }, row) => (
          <tr key={positions ?? ""}>
            <th scope="row">{title}</th>
            {columns.map(({ motionId }, column) => (
              <td key={motionId ?? "raw"}>{children(row, column)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

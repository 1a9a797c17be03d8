import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly title: string;
  /** Numbers and amounts stand at the end, aligned. */
  readonly align?: 'start' | 'end';
  /** The cell that names the row. */
  readonly isHeader?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

export interface TableProps<Row> {
  /** For screen readers: what the table lists. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly foot?: ReactNode;
}

/** A table that becomes cards on a narrow screen. Its roles are given, since `display` would take them away there. */
export function Table<Row>({ caption, columns, rows, rowKey, foot }: TableProps<Row>) {
  return (
    <div className="table-wrap">
      {/* biome-ignore-start lint/a11y/noRedundantRoles: display: grid takes the roles of a table away */}
      <table className="table" role="table">
        <caption>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ title, align }) => (
              <th key={title} scope="col" role="columnheader" className={align}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map((column) => (
                <Cell key={column.title} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot role="rowgroup">{foot}</tfoot>}
      </table>
      {/* biome-ignore-end lint/a11y/noRedundantRoles: see above */}
    </div>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  if (column.isHeader) {
    return (
      // biome-ignore lint/a11y/noRedundantRoles: display: flex takes the role away
      <th scope="row" role="rowheader" className={column.align}>
        {column.cell(row)}
      </th>
    );
  }
  return (
    // biome-ignore lint/a11y/noRedundantRoles: display: flex takes the role away
    <td role="cell" data-label={column.title} className={column.align}>
      {column.cell(row)}
    </td>
  );
}

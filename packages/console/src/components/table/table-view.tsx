import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import CollectionPreferences from '@cloudscape-design/components/collection-preferences'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { type ReactNode, useDeferredValue } from 'react'
import { common } from '#texts/common.ts'
import { CliCommand } from '../cli-command.tsx'
import { Failed } from '../failed.tsx'
import type { Column } from './column.ts'
import { PAGE_SIZES, shownColumns, type TableState } from './table-state.ts'

export interface TableViewProps<T> {
  readonly state: TableState
  readonly title: string
  readonly variant?: 'full-page' | 'container' | 'embedded' | 'borderless'
  readonly columns: readonly Column<T>[]
  readonly idOf: (item: T) => string
  /** The rows of this page. Undefined: they are on their way, or will not come. */
  readonly items: readonly T[] | undefined
  readonly error?: unknown
  readonly retry?: () => void
  /** How many match, on all pages; and how many there are at all. */
  readonly matching: number | undefined
  readonly total: number | undefined
  /** Values that the search offers. */
  readonly choices?: readonly { readonly propertyKey: string; readonly value: string }[]
  /** What can be searched for; undefined: nothing. */
  readonly properties?: readonly PropertyFilterProps.FilteringProperty[] | undefined
  readonly placeholder?: string
  readonly description?: ReactNode
  readonly actions?: ReactNode
  /** The same list from a terminal. */
  readonly command?: string | undefined
  readonly onDownload?: (() => void) | undefined
  readonly empty: ReactNode
  readonly selection?: Selection<T>
  /** Between the header and the rows. */
  readonly above?: ReactNode
  /** Under the rows. */
  readonly footer?: ReactNode
  /** The search knows no «or»: whoever answers it cannot. */
  readonly allMustHold?: boolean
  /** The rows have one order only. */
  readonly fixedOrder?: boolean
  /** Items that are being read anew. */
  readonly reading?: boolean
}

export interface Selection<T> {
  readonly selected: readonly T[]
  readonly onSelect: (items: T[]) => void
  readonly type?: 'single' | 'multi'
  /** Which rows cannot be selected. */
  readonly isDisabled?: (item: T) => boolean
}

/** A table as all pages show it. It does not search, sort or cut into pages: who gives it the rows does. */
export function TableView<T>(props: TableViewProps<T>) {
  const { state, columns, items, error, selection, matching, total, idOf } = props
  const shown = shownColumns(columns, state)
  const rows = useRows(items)
  const failed = error !== undefined && error !== null && items === undefined
  const searching = state.query.tokens.length > 0
  const sorted = columns.find(({ id }) => id === state.query.sort?.column)
  return (
    <Table<T>
      variant={props.variant ?? 'full-page'}
      stickyHeader={props.variant === undefined || props.variant === 'full-page'}
      resizableColumns
      items={rows}
      trackBy={idOf}
      loading={items === undefined && !failed}
      loadingText={common.loading}
      wrapLines={state.wrapLines}
      columnDefinitions={columns.map((column) => definition(column, !props.fixedOrder))}
      columnDisplay={shown}
      enableKeyboardNavigation
      {...(sorted && {
        sortingColumn: { sortingField: sorted.id },
        sortingDescending: state.query.sort?.descending ?? false,
      })}
      onSortingChange={({ detail }) => {
        const column = detail.sortingColumn.sortingField
        if (column) state.setQuery({ sort: { column, descending: detail.isDescending ?? false } })
      }}
      {...(selection && {
        selectionType: selection.type ?? 'multi',
        ...(selection.isDisabled && { isItemDisabled: selection.isDisabled }),
        selectedItems: [...selection.selected],
        onSelectionChange: ({ detail }) => selection.onSelect(detail.selectedItems),
      })}
      ariaLabels={{
        tableLabel: props.title,
        selectionGroupLabel: common.table.select,
        allItemsSelectionLabel: () => common.table.selectAll,
        itemSelectionLabel: (_state, item) => common.table.selectOne(idOf(item)),
      }}
      header={
        <Header
          variant={props.variant === undefined || props.variant === 'full-page' ? 'awsui-h1-sticky' : 'h2'}
          counter={counter(matching, total)}
          description={props.description}
          actions={<Actions {...props} />}
        >
          {props.title}
        </Header>
      }
      filter={(props.properties || props.above) && <Filter {...props} />}
      pagination={
        matching !== undefined &&
        matching > state.pageSize && (
          <Pagination
            currentPageIndex={state.query.page}
            pagesCount={Math.ceil(matching / state.pageSize)}
            onChange={({ detail }) => state.setQuery({ page: detail.currentPageIndex })}
          />
        )
      }
      preferences={(!isSmall(props) || undefined) && <Preferences columns={columns} state={state} />}
      footer={props.footer}
      empty={
        failed ? <Failed error={error} retry={props.retry} /> : searching ? <NoMatch state={state} /> : props.empty
      }
    />
  )
}

/** More than a screen shows. */
const FIRST_ROWS = 20

/** The first rows are drawn at once, so that there is something to read; those below follow when the browser has time. */
function useRows<T>(items: readonly T[] = []): readonly T[] {
  const drawn = useDeferredValue(items.length, 0)
  return items.slice(0, Math.max(FIRST_ROWS, drawn))
}

function definition<T>(column: Column<T>, sortable: boolean) {
  const { id, header, cell, text, sort, unsorted, width, minWidth, number, rowHeader } = column
  const content = (item: T) => (number ? <div className="st-number st-end">{cell(item)}</div> : cell(item))
  return {
    id,
    header: number ? <div className="st-end">{header}</div> : header,
    cell: content,
    ...(sortable && !unsorted && (text ?? sort) ? { sortingField: id } : {}),
    ...(width === undefined ? {} : { width }),
    minWidth: minWidth ?? 100,
    isRowHeader: rowHeader ?? false,
  }
}

/** Nobody searches it, and it is all on one page: a line of its own for preferences would only be empty. */
function isSmall<T>({ properties, above, matching, state }: TableViewProps<T>): boolean {
  return !properties && !above && (matching ?? 0) <= state.pageSize
}

function counter(matching: number | undefined, total: number | undefined): string | undefined {
  if (total === undefined) return undefined
  if (matching === undefined || matching === total) return `(${total.toLocaleString('en')})`
  return `(${common.table.ofAll(matching, total)})`
}

function Actions<T>({ actions, command, onDownload, retry, reading }: TableViewProps<T>) {
  return (
    <div className="st-actions">
      {retry && <Button iconName="refresh" ariaLabel={common.refresh} loading={reading ?? false} onClick={retry} />}
      {command && <CliCommand command={command} />}
      {onDownload && <Button iconName="download" ariaLabel={common.download} onClick={onDownload} />}
      {actions}
    </div>
  )
}

function Filter<T>({ state, properties, choices, placeholder, matching, above, allMustHold }: TableViewProps<T>) {
  const { query } = state
  if (!properties) return above
  return (
    <SpaceBetween size="s">
      <PropertyFilter
        query={{
          operation: query.operation,
          tokens: query.tokens.map(
            ({ property, operator, value }) => ({ propertyKey: property, operator, value }) as never,
          ),
        }}
        onChange={({ detail }) =>
          state.setQuery({
            operation: detail.operation,
            tokens: detail.tokens.map(({ propertyKey, operator, value }) => ({
              property: propertyKey,
              operator,
              value: String(value),
            })),
          })
        }
        filteringProperties={properties}
        filteringOptions={choices ?? []}
        filteringPlaceholder={placeholder ?? common.table.search}
        filteringAriaLabel={placeholder ?? common.table.search}
        countText={query.tokens.length > 0 && matching !== undefined ? common.table.matches(matching) : ''}
        hideOperations={allMustHold ?? false}
        expandToViewport
      />
      {above}
    </SpaceBetween>
  )
}

function NoMatch({ state }: { state: TableState }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'l' }}>
      <SpaceBetween size="s">
        <span>{common.table.noMatch}</span>
        <Button onClick={() => state.setQuery({ tokens: [] })}>{common.table.clear}</Button>
      </SpaceBetween>
    </Box>
  )
}

function Preferences<T>({ columns, state }: { columns: readonly Column<T>[]; state: TableState }) {
  return (
    <CollectionPreferences
      title={common.table.preferences}
      preferences={{
        pageSize: state.pageSize,
        wrapLines: state.wrapLines,
        contentDisplay: shownColumns(columns, state),
      }}
      pageSizePreference={{
        title: common.table.rows,
        options: PAGE_SIZES.map((value) => ({ value, label: common.table.rowsOption(value) })),
      }}
      wrapLinesPreference={{ label: common.table.wrap, description: common.table.wrapHint }}
      contentDisplayPreference={{
        title: common.table.columns,
        options: columns.map(({ id, header, rowHeader }) => ({ id, label: header, alwaysVisible: rowHeader ?? false })),
      }}
      onConfirm={({ detail }) => {
        state.setPreferences({
          pageSize: detail.pageSize ?? state.pageSize,
          wrapLines: detail.wrapLines ?? false,
          columns: detail.contentDisplay,
        })
        state.setQuery({})
      }}
    />
  )
}

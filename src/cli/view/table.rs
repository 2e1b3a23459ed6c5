//! The look all tables share.

use comfy_table::{Cell, CellAlignment, ContentArrangement, presets};

use crate::printable::printable_lines;

/// The width of what is no terminal.
const PAGE: u16 = 120;
/// What stands left and right of a cell.
const PADDING: usize = 2;

/// A table under construction.
#[derive(Debug)]
pub(in crate::cli) struct Table(comfy_table::Table);

impl Table {
    /// A table with these headings.
    pub(in crate::cli) fn new(headings: &[&str]) -> Self {
        let mut table = comfy_table::Table::new();
        // Terminals that nobody looks at, such as those of `script` in a job, have no width.
        let fits =
            if table.width() == Some(0) { ContentArrangement::Disabled } else { ContentArrangement::Dynamic };
        table.load_style(presets::NOTHING).set_content_arrangement(fits);
        table.set_header(headings.iter().map(|heading| Cell::new(heading.to_uppercase())));
        Self(table)
    }

    /// Whether columns of these widths fit beside each other on the terminal, or on a page where there is none.
    pub(in crate::cli) fn has_room_for(columns: impl IntoIterator<Item = usize>) -> bool {
        let width = comfy_table::Table::new().width().unwrap_or(PAGE);
        columns.into_iter().map(|column| column + PADDING).sum::<usize>() <= usize::from(width)
    }

    /// Aligns a column to the right, as numbers are read.
    pub(in crate::cli) fn right(mut self, columns: &[usize]) -> Self {
        for &column in columns {
            if let Some(column) = self.0.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        self
    }

    /// Adds a row.
    pub(in crate::cli) fn row<T: ToString>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.0.add_row(cells.into_iter().map(|cell| printable_lines(&cell.to_string())));
    }

    /// The table as text, without spaces at the ends of lines.
    pub(in crate::cli) fn render(&self) -> String {
        self.0.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn what_steers_a_terminal_is_shown_as_text() {
        let mut table = Table::new(&["title"]);
        table.row(["a\u{1b}[31mred\r"]);
        assert_eq!(table.render(), " TITLE\n a\\u{1b}[31mred\\r");
    }
}

//! What calls cost by what their answers say was used.

use crate::cli::view::Table;
use crate::governor::RateTable;

pub(in crate::cli) fn rates(table: &RateTable) -> String {
    let headings = ["rates", "model", "unit", "in the answer", "dollars per million"];
    let mut shown = Table::new(&headings).right(&[4]);
    for (name, rates) in table.all() {
        for (model, prices) in &rates.prices {
            for (unit, price) in prices {
                let place = rates.units.get(unit).map(ToString::to_string);
                shown.row([
                    name.to_string(),
                    model.to_string(),
                    unit.to_string(),
                    place.unwrap_or_default(),
                    price.to_string(),
                ]);
            }
        }
    }
    shown.render()
}

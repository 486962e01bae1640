//! Carries out the steps of a query.

use std::cmp::Ordering;

use super::Mistake;
use super::parser::Step;
use super::reader::Name;
use super::table::{Cell, ColumnType, Table, TableColumn, order, place};

pub(super) fn evaluate(mut table: Table, steps: &[Step]) -> Result<Table, Mistake> {
    for step in steps {
        match step {
            Step::Where(condition) => {
                condition.check(&table.columns)?;
                let columns = &table.columns;
                table.rows.retain(|row| condition.holds(columns, row));
            }
            Step::Take(count) => table.rows.truncate(*count),
            Step::Count => table = counted(&table),
            Step::Project(wanted) => table = projected(table, wanted)?,
            Step::Order(keys) => sort(&mut table, keys)?,
        }
    }
    Ok(table)
}

fn counted(table: &Table) -> Table {
    let count = i64::try_from(table.rows.len()).unwrap_or(i64::MAX);
    Table {
        columns: vec![TableColumn {
            name: "Count".to_owned(),
            kind: ColumnType::Number,
        }],
        rows: vec![vec![Cell::Number(count)]],
    }
}

fn projected(table: Table, wanted: &[(String, Name)]) -> Result<Table, Mistake> {
    let mut columns: Vec<TableColumn> = Vec::new();
    let mut places = Vec::new();
    for (name, source) in wanted {
        let place = place(&table.columns, source, "project")?;
        if columns.iter().any(|column| column.name == *name) {
            let problem = format!("Semantic error: 'project' operator: '{name}' stands twice");
            return Err(Mistake::new(source.at, problem));
        }
        columns.push(TableColumn {
            name: name.clone(),
            kind: table.columns[place].kind,
        });
        places.push(place);
    }
    let row = |row: Vec<Cell>| places.iter().map(|place| row[*place].clone()).collect();
    Ok(Table {
        columns,
        rows: table.rows.into_iter().map(row).collect(),
    })
}

fn sort(table: &mut Table, keys: &[(Name, bool)]) -> Result<(), Mistake> {
    let mut places = Vec::new();
    for (name, descending) in keys {
        places.push((place(&table.columns, name, "order by")?, *descending));
    }
    table.rows.sort_by(|left, right| {
        let orders = places.iter().map(|(place, descending)| {
            let ordering = match (&left[*place], &right[*place]) {
                (Cell::Null, Cell::Null) => Ordering::Equal,
                (Cell::Null, _) => Ordering::Less,
                (_, Cell::Null) => Ordering::Greater,
                (left, right) => order(left, right).unwrap_or(Ordering::Equal),
            };
            match descending {
                true => ordering.reverse(),
                false => ordering,
            }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
    Ok(())
}

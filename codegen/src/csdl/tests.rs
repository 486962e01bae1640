//! What reading metadata promises: names in full, places, every fault with a remedy, and never a panic.

mod faults;

use super::*;

/// A document around schemas.
fn document(schemas: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\
         <edmx:DataServices>\n{schemas}\n</edmx:DataServices></edmx:Edmx>"
    )
}

/// A document with one schema, `library`, whose alias is `self`; its first line is line 4.
fn schema(definitions: &str) -> String {
    document(&format!(
        "<Schema Namespace=\"library\" Alias=\"self\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n\
         {definitions}\n</Schema>"
    ))
}

fn read(definitions: &str) -> Metadata {
    match parse("library.xml", &schema(definitions)) {
        Ok(metadata) => metadata,
        Err(problems) => panic!("{problems}"),
    }
}

/// The rules that a text breaks, with line and column.
fn rules(text: &str) -> Vec<(&'static str, usize, usize)> {
    parse("library.xml", text)
        .unwrap_err()
        .iter()
        .map(|problem| {
            let position = problem.position.unwrap();
            assert!(!problem.help.is_empty() && !problem.message.is_empty());
            (problem.rule, position.line, position.column)
        })
        .collect()
}

const BOOK: &str = r#"<EntityType Name="thing" Abstract="true">
  <Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.String" Nullable="false"/>
</EntityType>
<EntityType Name="book" BaseType="self.thing" OpenType="true">
  <Property Name="pages" Type="Edm.Int64"/>
  <Property Name="moods" Type="Collection(self.mood)" Nullable="false">
    <Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/>
  </Property>
  <NavigationProperty Name="chapters" Type="Collection(self.chapter)" ContainsTarget="true"/>
  <NavigationProperty Name="sequel" Type="library.book"/>
</EntityType>
<ComplexType Name="chapter"><Property Name="title" Type="Edm.String"/></ComplexType>
<ComplexType Name="poem" BaseType="self.chapter"/>
<EnumType Name="mood" IsFlags="true"><Member Name="glad" Value="1"/><Member Name="sad"/></EnumType>
<TypeDefinition Name="isbn" UnderlyingType="Edm.String"/>
<Action Name="lend" IsBound="true">
  <Parameter Name="bindingParameter" Type="Collection(self.book)"/>
  <Parameter Name="days" Type="Edm.Int32" Nullable="false"/>
  <Parameter Name="note" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.OptionalParameter"/></Parameter>
  <ReturnType Type="self.book" Nullable="false"/>
</Action>
<Function Name="count"><ReturnType Type="Edm.Int32"/></Function>
<EntityContainer Name="Shelf">
  <EntitySet Name="books" EntityType="self.book"><NavigationPropertyBinding Path="sequel" Target="books"/></EntitySet>
  <Singleton Name="favourite" Type="self.book"/>
</EntityContainer>
<Annotations Target="self.book/pages">
  <Annotation Term="Org.OData.Core.V1.Revisions">
    <Collection>
      <Record>
        <PropertyValue Property="Date" Date="2025-01-02"/>
        <PropertyValue Property="Kind"><EnumMember>Org.OData.Core.V1.RevisionKind/Added</EnumMember></PropertyValue>
      </Record>
      <Record>
        <PropertyValue Property="Date" Date="2026-03-04"/>
        <PropertyValue Property="Description" String="Count &amp; weigh instead"/>
        <PropertyValue Property="Kind"><EnumMember>Org.OData.Core.V1.RevisionKind/Deprecated</EnumMember></PropertyValue>
        <PropertyValue Property="RemovalDate" Date="2028-03-04"/>
        <PropertyValue Property="Version" String="2026-03/pages"/>
      </Record>
    </Collection>
  </Annotation>
</Annotations>
<Annotations Target="self.lend(Collection(self.book), Edm.Int32)/days">
  <Annotation Term="Org.OData.Core.V1.Permissions"><EnumMember>Org.OData.Core.V1.Permission/Read</EnumMember></Annotation>
</Annotations>"#;

#[test]
fn types_have_their_base_properties_and_nullability() {
    let metadata = read(BOOK);
    let book = metadata.structured("library.book").unwrap();
    assert_eq!(book.base.as_deref(), Some("library.thing"));
    assert!(book.is_entity && book.is_open && !book.is_abstract);
    let facts: Vec<String> = book
        .properties
        .iter()
        .map(|own| {
            format!(
                "{} {} null={} link={} part={}",
                own.name, own.type_, own.nullable, own.is_navigation, own.contains_target
            )
        })
        .collect();
    assert_eq!(
        facts,
        [
            "pages Edm.Int64 null=true link=false part=false",
            "moods Collection(library.mood) null=false link=false part=false",
            "chapters Collection(library.chapter) null=false link=true part=true",
            "sequel library.book null=true link=true part=false",
        ]
    );
    let names = |types: Vec<&Type>| -> Vec<String> {
        types
            .iter()
            .map(|type_| type_.short_name().to_owned())
            .collect()
    };
    assert_eq!(names(metadata.lineage("library.book")), ["book", "thing"]);
    assert_eq!(names(metadata.subtypes("library.thing")), ["book"]);
    assert_eq!(metadata.structured("library.thing").unwrap().key, ["id"]);
}

#[test]
fn enumerations_have_consecutive_values_and_type_definitions_their_primitive_type() {
    let metadata = read(BOOK);
    let mood = metadata.types["library.mood"].enumeration().unwrap();
    assert!(mood.is_flags);
    assert_eq!(
        mood.members
            .iter()
            .map(|member| member.value)
            .collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(
        metadata.types["library.isbn"].kind,
        TypeKind::Definition("Edm.String".to_owned())
    );
}

#[test]
fn operations_have_their_binding_parameters_and_return_type() {
    let metadata = read(BOOK);
    let lend = &metadata.operations[0];
    assert_eq!(
        lend.binding.as_ref().unwrap().to_string(),
        "Collection(library.book)"
    );
    let parameters: Vec<_> = lend
        .parameters
        .iter()
        .map(|parameter| {
            (
                parameter.name.as_str(),
                parameter.nullable,
                parameter.optional,
            )
        })
        .collect();
    assert_eq!(parameters, [("days", false, false), ("note", true, true)]);
    let (returns, nullable) = lend.returns.as_ref().unwrap();
    assert_eq!((returns.name.as_str(), *nullable), ("library.book", false));
    assert!(metadata.operations[1].is_function && metadata.operations[1].binding.is_none());
    assert!(metadata.entry_points["books"].is_set && !metadata.entry_points["favourite"].is_set);
}

#[test]
fn annotations_are_found_inline_and_by_target() {
    let metadata = read(BOOK);
    assert!(metadata.is_computed("library.book/moods"));
    assert!(metadata.is_computed("library.lend(Collection(library.book),Edm.Int32)/days"));
    assert!(!metadata.is_computed("library.book/pages"));
    let deprecation = metadata.deprecation("library.book/pages").unwrap();
    assert_eq!(deprecation.date.as_deref(), Some("2026-03-04"));
    assert_eq!(deprecation.removal_date.as_deref(), Some("2028-03-04"));
    assert_eq!(deprecation.version.as_deref(), Some("2026-03/pages"));
    assert_eq!(deprecation.text.as_deref(), Some("Count & weigh instead"));
}

#[test]
fn an_alias_of_a_namespace_changes_nothing() {
    let positions_aside = |text: &str| {
        let mut metadata = parse("library.xml", text).unwrap();
        metadata
            .namespaces
            .iter_mut()
            .for_each(|(_, alias)| *alias = None);
        let shown = format!("{metadata:?}");
        // Columns move with the length of a name.
        let mut kept = String::new();
        for part in shown.split("column: ") {
            kept.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        kept
    };
    let with_alias = schema(BOOK);
    let without = with_alias
        .replace("self.", "library.")
        .replace(" Alias=\"self\"", "");
    assert_eq!(positions_aside(&with_alias), positions_aside(&without));
}

#[test]
fn an_alias_may_be_declared_after_its_use_and_in_another_document() {
    let text = document(
        r#"<Schema Namespace="a.b" xmlns="http://docs.oasis-open.org/odata/ns/edm">
           <ComplexType Name="one"><Property Name="x" Type="late.two"/><Property Name="y" Type="far.three"/></ComplexType>
           </Schema>
           <Schema Namespace="c.d" Alias="late" xmlns="http://docs.oasis-open.org/odata/ns/edm">
           <ComplexType Name="two"/></Schema>"#,
    )
    .replace(
        "<edmx:DataServices>",
        r#"<edmx:Reference Uri="x"><edmx:Include Namespace="e.f" Alias="far"/></edmx:Reference><edmx:DataServices>"#,
    );
    let metadata = parse("a.xml", &text).unwrap();
    let types: Vec<&str> = metadata
        .structured("a.b.one")
        .unwrap()
        .properties
        .iter()
        .map(|property| property.type_.name.as_str())
        .collect();
    assert_eq!(types, ["c.d.two", "e.f.three"]);
}

#[test]
fn xml_prefixes_do_not_matter_and_other_vocabularies_are_counted() {
    let text = schema(r#"<ComplexType Name="a"><m:Hint xmlns:m="urn:m"><m:Deep/></m:Hint></ComplexType><Oddity/><Oddity/>"#)
        .replace("xmlns=\"http://docs.oasis-open.org/odata/ns/edm\"", "xmlns:e=\"http://docs.oasis-open.org/odata/ns/edm\"")
        .replace("<Schema", "<e:Schema")
        .replace("</Schema", "</e:Schema")
        .replace("ComplexType", "e:ComplexType")
        .replace("<Oddity", "<e:Oddity");
    // The declaration is in the tag that uses it.
    let metadata = parse("a.xml", &text).unwrap();
    assert!(metadata.types.contains_key("library.a"));
    assert_eq!(metadata.left_out["Oddity"].0, 2);
    assert_eq!(metadata.left_out["Hint"].0, 1);
    assert_eq!(metadata.left_out.len(), 2);
}

#[test]
fn a_misspelt_attribute_and_a_value_that_is_no_boolean_are_found() {
    for (definition, rule) in [
        (
            r#"<ComplexType Name="a"><Property Name="b" Type="Edm.String" nullable="false"/></ComplexType>"#,
            "misspelt-attribute",
        ),
        (
            r#"<ComplexType Name="a" Opentype="true"/>"#,
            "misspelt-attribute",
        ),
        (
            r#"<EnumType Name="a"><Member Name="b" value="1"/></EnumType>"#,
            "misspelt-attribute",
        ),
        (
            r#"<ComplexType Name="a"><Annotation Term="Org.OData.Core.V1.Computed" Bool="True"/></ComplexType>"#,
            "not-a-boolean",
        ),
        (
            r#"<Annotations Target="library.a"><Annotation Term="t.u"><Record><PropertyValue Property="p" Bool="no"/></Record></Annotation></Annotations>"#,
            "not-a-boolean",
        ),
        (
            r#"<Annotations Target="library.a"><Annotation Term="t.u"><Bool>yes</Bool></Annotation></Annotations>"#,
            "not-a-boolean",
        ),
    ] {
        let found = rules(&schema(definition));
        assert!(
            found
                .iter()
                .any(|(known, line, _)| *known == rule && *line == 4),
            "{definition}: {found:?}"
        );
    }
}

#[test]
fn attributes_and_children_without_effect_are_counted() {
    let metadata = read(
        r#"<EntityType Name="a"><Key><Oddity/><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Colour="red"><Hint/></Property></EntityType>
<EntityContainer Name="c" Extends="library.d"/>"#,
    );
    let names: Vec<&str> = metadata.left_out.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "EntityContainer Extends",
            "Hint",
            "Oddity",
            "Property Colour"
        ]
    );
}

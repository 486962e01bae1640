//! Metadata as a source: Microsoft's, if it is beside the checkout, and always a small one of our own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use graph_client_codegen::csdl::describe::{DescribeSettings, describe, describe_types};
use graph_client_codegen::csdl::{self, Metadata, TypeKind};
use graph_client_codegen::edit::{Edit, edit};
use graph_client_codegen::refresh::Refresh;
use graph_client_codegen::{Settings, generate, generate_document, load};

/// The texts, or `None` with a message if they do not exist.
fn upstream() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/upstream/metadata");
    let Ok(entries) = fs::read_dir(&folder) else {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: {} is not there", folder.display()).unwrap();
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_definition_of_microsofts_metadata_is_read() {
    for path in upstream() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let begun = Instant::now();
        let metadata = csdl::parse(&name, &text).unwrap_or_else(|problems| panic!("{problems}"));
        println!("{name}: {} bytes in {:?}", text.len(), begun.elapsed());
        let count = |tag: &str| {
            text.matches(&format!("<{tag} ")).count() + text.matches(&format!("<{tag}>")).count()
        };
        let (mut structured, mut properties, mut members) = (0, 0, 0);
        for type_ in metadata.types.values() {
            match &type_.kind {
                TypeKind::Structured(own) => {
                    structured += 1;
                    properties += own.properties.len();
                }
                TypeKind::Enumeration(own) => members += own.members.len(),
                TypeKind::Definition(_) => {}
            }
        }
        assert_eq!(
            structured,
            count("EntityType") + count("ComplexType"),
            "{name}"
        );
        assert_eq!(
            properties,
            count("Property") + count("NavigationProperty"),
            "{name}"
        );
        assert_eq!(members, count("Member"), "{name}");
        assert_eq!(
            metadata.operations.len(),
            count("Action") + count("Function"),
            "{name}"
        );
        assert_eq!(
            metadata.entry_points.len(),
            count("EntitySet") + count("Singleton"),
            "{name}"
        );
        let annotations: usize = metadata.annotations.values().map(Vec::len).sum();
        // Annotations on parameters, return types and other annotations are read where they are needed.
        assert!(annotations <= count("Annotation"), "{name}");
        assert!(
            metadata.left_out.is_empty(),
            "{name}: {:?}",
            metadata.left_out
        );
    }
}

/// One of Microsoft's texts, if it exists.
fn metadata(name: &str) -> Option<(String, Metadata)> {
    let path = upstream().into_iter().find(|path| path.ends_with(name))?;
    let text = fs::read_to_string(path).unwrap();
    let metadata = csdl::parse(name, &text).unwrap_or_else(|problems| panic!("{problems}"));
    Some((text, metadata))
}

/// Paths that read incidents and alerts, so that the actions bound to them are included.
const PATHS: &str = r##"{
  "/security/incidents": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Incidents"}}}}}}},
  "/security/alerts_v2": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Alerts"}}}}}}}
}"##;

/// The description of the types at a date, with the paths that read them.
fn description_of(metadata: &Metadata) -> String {
    let roots = [
        "microsoft.graph.security.incident",
        "microsoft.graph.security.alert",
    ];
    let document = describe_types(metadata, &roots).unwrap_or_else(|problems| panic!("{problems}"));
    let mut root = document.root.to_json();
    root["paths"] = serde_json::from_str(PATHS).unwrap();
    for (page, item) in ["Incidents", "Alerts"].iter().zip(roots) {
        root["components"]["schemas"][page] = serde_json::json!({
            "type": "object",
            "properties": {"value": {"type": "array", "items": {"$ref": format!("#/components/schemas/{item}")}}},
        });
    }
    format!("{root:#}")
}

/// `2024-06-10 property-added Alert.productName`: every change at a date, as the comparison finds it.
fn changes(date: &str, refresh: &Refresh<'_>, edits: &[Edit]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for difference in refresh.compare().differences {
        let subject = match difference.kind {
            // The table names an action, not its paths.
            "operation-added" => difference.upstream.name.clone(),
            _ => difference.subject.clone(),
        };
        found.insert(format!("{date} {} {subject}", difference.kind));
    }
    for edit in edits {
        if let Edit::Insert { parent, key, .. } = edit
            && parent == "#/components/schemas"
        {
            let short = graph_client_codegen::names::type_name(key);
            found.insert(format!("{date} schema-added {short}"));
        }
    }
    found
}

#[test]
fn the_changes_between_four_dates_are_exact() {
    let table: BTreeSet<&str> = include_str!("metadata/changes.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect();
    let Some((_, first)) = metadata("v1.0-2023-05-24.csdl") else {
        return;
    };
    let mut text = description_of(&first);
    for date in ["2024-06-10", "2025-06-27", "2026-08-03"] {
        let (_, newer) = metadata(&format!("v1.0-{date}.csdl")).unwrap();
        let document = load::parse("before.json", &text).unwrap();
        let refresh = Refresh::new(&document, &newer);
        let differences = refresh.compare().differences;
        let edits = refresh.edits(&differences, "New.", true);
        let found = changes(date, &refresh, &edits);
        let expected: BTreeSet<String> = table
            .iter()
            .filter(|line| line.starts_with(date))
            .map(|line| (*line).to_owned())
            .collect();
        let missed: Vec<_> = expected.difference(&found).collect();
        let invented: Vec<_> = found.difference(&expected).collect();
        assert!(
            missed.is_empty() && invented.is_empty(),
            "missed {missed:#?}, invented {invented:#?}"
        );
        text = edit("before.json", &text, &edits).unwrap_or_else(|problems| panic!("{problems}"));
        // An updated description equals a new one.
        let mut edited = load::parse("after.json", &text).unwrap().root.to_json();
        let mut anew: serde_json::Value = serde_json::from_str(&description_of(&newer)).unwrap();
        for description in [&mut edited, &mut anew] {
            without_words(description);
        }
        assert_eq!(edited["components"], anew["components"], "{date}");
    }
}

/// Removes documentation, and sorts lists without order.
fn without_words(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(entries) => {
            entries.retain(|key, value| key != "description" || !value.is_string());
            entries.values_mut().for_each(without_words);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_words),
        _ => {}
    }
}

#[test]
fn alerts_from_metadata_alone_have_the_types_of_our_fragment() {
    let Some((text, metadata)) = metadata("whole-v1.0-2026-08-03.csdl") else {
        return;
    };
    let wanted = DescribeSettings {
        server: "https://graph.microsoft.com/v1.0".to_owned(),
        paths: vec!["/security/alerts_v2".to_owned()],
    };
    let described = describe(&metadata, &wanted).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(described.left_out, Vec::<String>::new());
    let settings = Settings::for_description("cargo build");
    let theirs = generate_document(described.document, &text, &settings)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/incidents.yaml");
    let ours = generate(
        "incidents.yaml",
        &fs::read_to_string(path).unwrap(),
        &settings,
    )
    .unwrap();
    let (theirs, ours) = (facts(&theirs.surface()), facts(&ours.surface()));
    let mut told = String::new();
    let mut same = 0;
    for (sign, left, right) in [("-", &ours, &theirs), ("+", &theirs, &ours)] {
        for (type_, facts) in left {
            match right.get(type_) {
                Some(others) => {
                    same += facts.intersection(others).count();
                    facts
                        .difference(others)
                        .for_each(|fact| told.push_str(&format!("{sign} {fact}\n")));
                }
                None => told.push_str(&format!("{sign} type {type_}\n")),
            }
        }
    }
    // Both sides count.
    assert!(same / 2 > 600, "{same}");
    // `-` is in our fragment alone: incidents, manual alerts (beta only), two members that only a reference page has, a
    // tag that comments may have. `+` is in the metadata alone: bodies that nobody has narrowed to what the service takes;
    // evidence that is no more than its base, sent without a tag; a deprecation; a merge that always names its target. A
    // move has to say where to: the metadata only says that it may be null.
    insta::assert_snapshot!(told);
}

/// The lines of a surface about types. Names of operations differ by description, and the documentation, not the metadata,
/// says what the service filters and sorts by.
fn facts(surface: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut facts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in surface.lines() {
        let mut words = line.split(' ');
        let kind = words.next().unwrap_or_default();
        let subject = words.next().unwrap_or_default();
        if ["property", "member", "subtype", "discriminator", "flags"].contains(&kind) {
            let type_ = subject.split(['.', ':']).next().unwrap_or_default();
            facts
                .entry(type_.to_owned())
                .or_default()
                .insert(line.replace(" filterable", "").replace(" orderable", ""));
        }
    }
    facts
}

const LIBRARY: &str = r#"<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">
<edmx:DataServices><Schema Namespace="library" Alias="self" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="thing" Abstract="true">
    <Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/>
  </EntityType>
  <EntityType Name="shelf" BaseType="self.thing">
    <NavigationProperty Name="books" Type="Collection(self.book)" ContainsTarget="true"/>
  </EntityType>
  <EntityType Name="book" BaseType="self.thing">
    <Property Name="isbn" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Immutable" Bool="true"/></Property>
    <Property Name="added" Type="Edm.DateTimeOffset" Nullable="false"><Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/></Property>
    <Property Name="parts" Type="Collection(self.part)" Nullable="false"/>
    <Property Name="moods" Type="self.mood"/>
    <NavigationProperty Name="author" Type="self.person"/>
  </EntityType>
  <EntityType Name="person" BaseType="self.thing"/>
  <ComplexType Name="part"><Property Name="title" Type="Edm.String"/></ComplexType>
  <ComplexType Name="chapter" BaseType="self.part"><Property Name="number" Type="Edm.Int64"/></ComplexType>
  <ComplexType Name="loan"><Property Name="due" Type="Edm.Date"/></ComplexType>
  <EnumType Name="mood" IsFlags="true"><Member Name="glad"/><Member Name="unknownFutureValue"/><Member Name="calm"/></EnumType>
  <Action Name="lend" IsBound="true">
    <Parameter Name="b" Type="self.book"/><Parameter Name="days" Type="Edm.Int32" Nullable="false"/>
    <Parameter Name="note" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.OptionalParameter"/></Parameter>
    <ReturnType Type="self.loan"/>
  </Action>
  <Action Name="dust" IsBound="true"><Parameter Name="b" Type="Collection(self.book)"/></Action>
  <Function Name="newest" IsBound="true"><Parameter Name="b" Type="Collection(self.book)"/><ReturnType Type="Collection(self.book)"/></Function>
  <EntityContainer Name="Library"><EntitySet Name="shelves" EntityType="self.shelf"/></EntityContainer>
  <Annotations Target="self.shelf/books">
    <Annotation Term="Org.OData.Capabilities.V1.DeleteRestrictions"><Record><PropertyValue Property="Deletable" Bool="false"/></Record></Annotation>
  </Annotations>
</Schema></edmx:DataServices></edmx:Edmx>"#;

#[test]
fn an_entity_from_metadata_alone_has_its_operations_bodies_and_subtypes() {
    let metadata =
        csdl::parse("library.csdl", LIBRARY).unwrap_or_else(|problems| panic!("{problems}"));
    let wanted = |path: &str| DescribeSettings {
        server: "https://library.example/v1".to_owned(),
        paths: vec![path.to_owned()],
    };
    let described = describe(&metadata, &wanted("/shelves/{id}/books"))
        .unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(
        described.left_out,
        ["library.book/author leads to library.person"]
    );
    let generated = generate_document(
        described.document,
        LIBRARY,
        &Settings::for_description("cargo build"),
    )
    .unwrap_or_else(|problems| panic!("{problems}"));
    insta::assert_snapshot!(generated.surface());
    for path in ["/nowhere", "/shelves/x", "/shelves/books/isbn", ""] {
        let problems = describe(&metadata, &wanted(path)).unwrap_err();
        assert_eq!(
            problems.iter().next().unwrap().rule,
            "unknown-path",
            "{path}"
        );
    }
}

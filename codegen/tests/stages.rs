//! Snapshots of each stage for a small fragment: the model's facts, the plan's items, the generated code.

#![allow(missing_docs, reason = "a test is documented by its name")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

use graph_client_codegen::corrections::{Correction, Fix};
use graph_client_codegen::plan::Plan;
use graph_client_codegen::{Generated, Settings, generate, read};

const TICKETS: &str = include_str!("fragments/tickets.yaml");

fn generated() -> Generated {
    generate(
        "tickets.yaml",
        TICKETS,
        &Settings::for_fragment("cargo xtask regen"),
    )
    .unwrap()
}

/// The items of a file that start with one of these prefixes.
fn items(file: &str, beginnings: &[&str]) -> String {
    let generated = generated();
    let file = generated
        .files()
        .iter()
        .find(|known| known.path == file)
        .unwrap();
    let mut shown = String::new();
    for beginning in beginnings {
        let start = file
            .text
            .find(beginning)
            .unwrap_or_else(|| panic!("no {beginning:?} in:\n{}", file.text));
        let rest = &file.text[start..];
        let ends = match beginning.starts_with(' ') {
            true => ["\n    }\n"].iter(),
            false => ["\n}\n", "\n});\n"].iter(),
        };
        let end = ends
            .filter_map(|end| Some(rest.find(end)? + end.len()))
            .min();
        shown.push_str(&rest[..end.unwrap_or(rest.len())]);
    }
    shown
}

#[test]
fn the_model_prints_one_fact_per_line() {
    insta::assert_snapshot!(generated().surface(), @r"
    body updateTicket: TicketUpdate
    discriminator Attachment: @odata.type
    error listTickets: ErrorResponse
    member TicketStatus.cancelled guarded
    member TicketStatus.done
    member TicketStatus.open
    operation countTickets: GET /tickets/$count -> 200 number as text/plain
    operation getTicket: GET /tickets/{ticketId} -> 200 Ticket
    operation listTickets: GET /tickets -> 200 TicketCollection
    operation updateTicket: PATCH /tickets/{ticketId} -> 204 nothing
    parameter getTicket.ticketId: path string required
    parameter listTickets.$filter: query string
    parameter listTickets.$select: query comma list
    parameter listTickets.$top: query integer 1..=50
    parameter updateTicket.If-Match: header string
    parameter updateTicket.ticketId: path string required
    permission updateTicket: application least Ticket.ReadWrite.All
    permission updateTicket: delegated least Ticket.ReadWrite
    property Attachment.@odata.type: string
    property Attachment.addedDateTime: date-time
    property ErrorResponse.code: string
    property FileAttachment.size: int64
    property LinkAttachment.url: string
    property Ticket.attachments: [Attachment]
    property Ticket.createdDateTime: date-time?
    property Ticket.id: string key
    property Ticket.status: TicketStatus?
    property Ticket.title: string?
    property TicketUpdate.status: TicketStatus
    property TicketUpdate.tags: [string]
    property TicketUpdate.title: string? at most 100 characters
    schema Attachment: object
    schema ErrorResponse: object
    schema FileAttachment: object extends Attachment
    schema LinkAttachment: object extends Attachment
    schema Ticket: object
    schema TicketCollection: page of Ticket
    schema TicketStatus: enumeration
    schema TicketUpdate: object closed with at least 1 properties
    server https://tickets.example.com/v1
    subtype Attachment: #tickets.fileAttachment -> FileAttachment
    subtype Attachment: #tickets.linkAttachment -> LinkAttachment
    ");
}

#[test]
fn the_plan_prints_one_item_per_line() {
    let model = read("tickets.yaml", TICKETS, &[]).unwrap();
    insta::assert_snapshot!(Plan::of(&model).surface());
}

#[test]
fn an_enumeration_is_open() {
    insta::assert_snapshot!(items("enumerations.rs", &["pub enum TicketStatus", "runtime::open_enum!(", "runtime::guarded!("]), @r#"
    pub enum TicketStatus {
        /// Somebody has to do something.
        Open,
        /// Nobody has.
        Done,
        /// It does not matter.
        ///
        /// Refused in a request unless the caller allows it: it cannot be undone.
        Cancelled,
        /// A member that this version does not know, in the service's spelling.
        Unrecognized(runtime::Unrecognized<TicketStatus>),
    }
    runtime::open_enum!(TicketStatus {
        Open = "open",
        Done = "done",
        Cancelled = "cancelled",
    });
    runtime::guarded!(TicketStatus {
        Cancelled: "it cannot be undone",
    });
    "#);
}

#[test]
fn an_object_keeps_unknown_properties() {
    insta::assert_snapshot!(items("objects.rs", &["pub struct Ticket ", "runtime::object!(Ticket"]), @r#"
    pub struct Ticket {
        /// The property `attachments`.
        pub attachments: Option<Vec<Attachment>>,
        /// The property `createdDateTime`.
        pub created_date_time: Option<DateTime<Utc>>,
        /// The property `id`.
        pub id: String,
        /// The property `status`.
        pub status: Option<TicketStatus>,
        /// What it is about.
        pub title: Option<String>,
        /// Unknown properties, and values that do not fit the type of their property. They are kept as
        /// received and serialized again.
        pub additional_properties: JsonMap,
        nulls: runtime::Nulls<1usize>,
    }
    runtime::object!(Ticket {
        0 attachments: "attachments",
        1 created_date_time: "createdDateTime" nullable,
        2 id: "id",
        3 status: "status" nullable,
        4 title: "title" nullable,
    });
    "#);
}

#[test]
fn a_patch_leaves_clears_or_sets() {
    insta::assert_snapshot!(items("bodies.rs", &["pub struct TicketUpdate", "impl runtime::Body for TicketUpdate"]), @r#"
    pub struct TicketUpdate {
        /// The property `status`.
        pub status: Option<TicketStatus>,
        /// The property `tags`.
        pub tags: Option<Vec<String>>,
        /// The property `title`.
        pub title: Change<String>,
        /// Whether guarded members may be sent; see [`Self::allow_guarded`].
        allow_guarded: bool,
    }
    impl runtime::Body for TicketUpdate {
        fn check(&self) -> Result<(), runtime::Refusal> {
            runtime::check::changes_something(!self.is_empty())?;
            runtime::check::guarded("status", self.status.as_ref(), self.allow_guarded)?;
            runtime::check::at_most_characters(
                "title",
                self.title.set_value().map(String::as_str),
                100u64,
            )?;
            Ok(())
        }
    }
    "#);
}

#[test]
fn a_union_is_one_enum() {
    insta::assert_snapshot!(
        items("attachment.rs", &["pub enum Attachment", "runtime::polymorphic!(", "pub struct AttachmentBase", "pub struct FileAttachment"]),
        @r##"
    pub enum Attachment {
        /// A file.
        File(Box<FileAttachment>),
        /// An address.
        Link(Box<LinkAttachment>),
        /// A value of an unknown type, or one that could not be decoded as its type; kept as received.
        Other(Box<runtime::Other<AttachmentBase>>),
    }
    runtime::polymorphic!(Attachment: base AttachmentBase, discriminator "@odata.type" {
        File(FileAttachment) = "#tickets.fileAttachment",
        Link(LinkAttachment) = "#tickets.linkAttachment",
    });
    pub struct AttachmentBase {
        /// The property `addedDateTime`.
        pub added_date_time: Option<DateTime<Utc>>,
        nulls: runtime::Nulls<1usize>,
    }
    pub struct FileAttachment {
        /// The properties that it shares with the other types of its union.
        pub base: AttachmentBase,
        /// The property `size`.
        pub size: Option<i64>,
        /// Unknown properties, and values that do not fit the type of their property. They are kept as
        /// received and serialized again.
        pub additional_properties: JsonMap,
        nulls: runtime::Nulls<1usize>,
    }
    "##
    );
}

#[test]
fn a_request_has_setters_and_is_checked_before_it_is_sent() {
    insta::assert_snapshot!(items("requests.rs", &["impl<'a> ListTickets<'a> "]), @r#"
    impl<'a> ListTickets<'a> {
        /// The operation: its id, path, permissions and retry rules.
        pub const OPERATION: runtime::Operation = runtime::Operation::new(
                "listTickets",
                "GET",
                "/tickets",
                &[],
            )
            .expecting(runtime::Expected::List);

        /// A condition.
        ///
        /// Sent as `$filter`.
        pub fn filter(mut self, filter: impl Into<String>) -> Self {
            self.filter = Some(filter.into());
            self
        }

        /// Sent as `$select`.
        pub fn select(
            mut self,
            select: impl IntoIterator<Item = impl Into<String>>,
        ) -> Self {
            self.select = Some(select.into_iter().map(Into::into).collect());
            self
        }

        /// From 1 to 50; checked before sending.
        ///
        /// Sent as `$top`.
        pub fn top(mut self, top: u32) -> Self {
            self.top = Some(top);
            self
        }

        /// Sends the request.
        ///
        /// # Errors
        ///
        /// Returns an error if the request is refused before it is sent, cannot be sent, or is refused by the
        /// service, and if its response cannot be read.
        pub fn send(self) -> runtime::CallFuture<'a, runtime::Page<Ticket>> {
            runtime::send(self)
        }
    }
    "#);
    insta::assert_snapshot!(items(
        "requests.rs",
        &["impl runtime::Call for ListTickets"]
    ));
    insta::assert_snapshot!(items("operations.rs", &["    pub(super) fn update_ticket"]));
}

#[test]
fn a_correction_is_applied_and_expires() {
    let correction = Correction::new(
        "closed-is-a-status",
        "the service sends `closed`",
        "https://tickets.example.com",
        "#/components/schemas/TicketStatus/enum/3",
        Fix::Set(serde_json::json!("closed")),
    );
    let pointer = "#/components/schemas/TicketStatus/enum/1";
    let mut rename = correction.clone();
    rename.pointer = pointer.to_owned();
    let read =
        |correction: &Correction| read("tickets.yaml", TICKETS, std::slice::from_ref(correction));
    // The member's description now describes nothing, which is also found.
    assert!(
        read(&rename)
            .unwrap_err()
            .to_string()
            .contains("enum-details")
    );
    assert!(
        read(&correction)
            .unwrap_err()
            .to_string()
            .contains("expired-correction")
    );
}

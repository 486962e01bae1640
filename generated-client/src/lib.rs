//! A client for Microsoft Graph security incidents, generated from a checked-in OpenAPI fragment.

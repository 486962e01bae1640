//! A stateful stand-in for the Microsoft Graph incidents service, on loopback and in memory.

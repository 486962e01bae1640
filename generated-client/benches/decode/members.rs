//! Handwritten enumerations: known members, and one for the rest.

use serde::Deserialize;

macro_rules! members {
    ($($name:ident { $($member:ident),* $(,)? })*) => {
        $(
            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) enum $name {
                $($member,)*
                #[serde(other)]
                Other,
            }
        )*
    };
}

members! {
    IncidentStatus { Active, Resolved, InProgress, Redirected, UnknownFutureValue, AwaitingAction }
    AlertStatus { Unknown, New, InProgress, Resolved, UnknownFutureValue }
    Severity { Unknown, Informational, Low, Medium, High, UnknownFutureValue }
    Classification { Unknown, FalsePositive, TruePositive, InformationalExpectedActivity, UnknownFutureValue }
    Determination {
        Unknown, Apt, Malware, SecurityPersonnel, SecurityTesting, UnwantedSoftware, MultiStagedAttack,
        CompromisedAccount, Phishing, MaliciousUserActivity, NotMalicious, NotEnoughDataToValidate, ConfirmedActivity,
        LineOfBusinessApplication, UnknownFutureValue,
    }
    ServiceSource {
        Unknown, MicrosoftDefenderForEndpoint, MicrosoftDefenderForIdentity, MicrosoftDefenderForCloudApps,
        MicrosoftDefenderForOffice365, Microsoft365Defender, AzureAdIdentityProtection, MicrosoftAppGovernance,
        DataLossPrevention, UnknownFutureValue, MicrosoftDefenderForCloud, MicrosoftSentinel,
    }
    DetectionSource {
        Unknown, MicrosoftDefenderForEndpoint, Antivirus, SmartScreen, CustomTi, MicrosoftDefenderForOffice365,
        AutomatedInvestigation, MicrosoftThreatExperts, CustomDetection, MicrosoftDefenderForIdentity, CloudAppSecurity,
        Microsoft365Defender, AzureAdIdentityProtection, Manual, UnknownFutureValue, MicrosoftSentinel,
    }
    InvestigationState { Unknown, Terminated, SuccessfullyRemediated, Benign, Failed, Running, Queued, UnknownFutureValue }
    Verdict { Unknown, Suspicious, Malicious, NoThreatsFound, UnknownFutureValue }
    RemediationStatus { None, Remediated, Prevented, Blocked, NotFound, UnknownFutureValue, Active, Running }
    Role {
        Unknown, Contextual, Scanned, Source, Destination, Created, Added, Compromised, Edited, Attacked, Attacker,
        CommandAndControl, Loaded, Suspicious, PolicyViolator, UnknownFutureValue,
    }
    DetectionStatus { Detected, Blocked, Prevented, UnknownFutureValue }
    AvStatus { NotReporting, Disabled, NotUpdated, Updated, Unknown, NotSupported, UnknownFutureValue }
    HealthStatus { Active, Inactive, ImpairedCommunication, NoSensorData, Unknown, UnknownFutureValue }
    Onboarding { InsufficientInfo, Onboarded, CanBeOnboarded, Unsupported, UnknownFutureValue }
    RiskScore { None, Informational, Low, Medium, High, UnknownFutureValue }
    CloudProvider { Unknown, Azure, UnknownFutureValue }
}

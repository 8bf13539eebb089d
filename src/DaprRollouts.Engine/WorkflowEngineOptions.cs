namespace DaprRollouts.Engine;

/// <summary>How the embedded engine runs.</summary>
public sealed class WorkflowEngineOptions
{
    /// <summary>The directory that holds <c>engine.db</c>; it is made if it does not exist.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>
    /// Whether what was acknowledged also survives a loss of power (SQLite's <c>synchronous=FULL</c>). Without it, a crash of the process loses nothing, but one
    /// of the machine may lose the last moments.
    /// </summary>
    public bool SurvivesPowerLoss { get; set; } = true;

    /// <summary>What the database may grow to; zero for no limit. Beyond it the engine does as when the disk is full.</summary>
    public long MaxDatabaseBytes { get; set; }

    /// <summary>How long instances are kept after they have ended.</summary>
    public RetentionPolicy Retention { get; set; } = new();

    /// <summary>Instances held in memory with their histories; others are read when they have something to do. From 1.</summary>
    public int CachedInstances { get; set; } = 2000;

    /// <summary>How many turns one worker is given before it has answered some. From 1.</summary>
    public int TurnsInHand { get; set; } = 100;

    /// <summary>How many activities one worker is given before it has answered some: many, as most of them wait for somebody. From 1.</summary>
    public int ActivitiesInHand { get; set; } = 1000;

    /// <summary>
    /// Whether callers from other machines are served, if the app listens at an address that they can reach. Then a token, and TLS in front, are wise: whoever calls may run
    /// and read any workflow.
    /// </summary>
    public bool ServesOtherMachines { get; set; }

    /// <summary>The token that callers over a connection must send as <c>dapr-api-token</c>; null if anyone may call.</summary>
    public string? ApiToken { get; set; }
}

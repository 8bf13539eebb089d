namespace DaprRollouts.Core.Model;

/// <summary>What kinds of things a rollout waits for: the reasons of the condition <c>Waiting</c>.</summary>
public static class WaitKind
{
    /// <summary>A manifest that can be run; the user moves it.</summary>
    public const string CorrectedManifest = "CorrectedManifest";

    /// <summary>The end of <c>spec.paused</c>; the user moves it.</summary>
    public const string Resumption = "Resumption";

    /// <summary>A retry, a full promotion or a new revision after an abort; the user moves it.</summary>
    public const string RetryAfterAbort = "RetryAfterAbort";

    /// <summary>The end of a pause, by itself or by a promotion.</summary>
    public const string PauseEnd = "PauseEnd";

    /// <summary>A restart, under way or to come.</summary>
    public const string Restart = "Restart";

    /// <summary>Pods that are to become available.</summary>
    public const string Pods = "Pods";

    /// <summary>The verdict of an analysis.</summary>
    public const string Analysis = "Analysis";

    /// <summary>A change of another kind, named by the message.</summary>
    public const string Change = "Change";

    /// <summary>Nothing: all is done until there is a new revision.</summary>
    public const string NewRevision = "NewRevision";
}

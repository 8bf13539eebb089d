using System.CommandLine;

namespace DaprRollouts.Cli.Verbs;

/// <summary>All verbs, in alphabetical order.</summary>
internal static class VerbCatalog
{
    public static IReadOnlyList<Func<Shell, Command>> All { get; } =
    [
        AbortVerb.Create,
        CompletionVerb.Create,
        CrdsVerb.Create,
        CreateVerb.Create,
        DemoVerb.Create,
        ExplainVerb.Create,
        GetVerb.Create,
        HistoryVerb.Create,
        LintVerb.Create,
        ListVerb.Create,
        PauseVerb.Create,
        PromoteVerb.Create,
        RestartVerb.Create,
        RetryVerb.Create,
        SetVerb.Create,
        SignalVerb.Create,
        StatusVerb.Create,
        TerminateVerb.Create,
        UndoVerb.Create,
        VersionVerb.Create,
    ];
}

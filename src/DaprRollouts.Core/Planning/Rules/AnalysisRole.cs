using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>A part that an AnalysisRun plays in a rollout: what it judges, when it may start, where the status names it.</summary>
public sealed class AnalysisRole
{
    public static AnalysisRole Step { get; } = new()
    {
        Kind = "Step",
        FailureText = "Step-based analysis phase error/failed",
        Spec = f => f.Step?.Analysis,
        InStatus = s => s.Canary?.CurrentStepAnalysisRunStatus,
        Record = (s, run) => s with { Canary = (s.Canary ?? new CanaryStatus()) with { CurrentStepAnalysisRunStatus = run } },
        MayStart = f => !f.HasAnyPause,
        StepIndex = f => f.StepIndex,
        Suffix = f => $"-{f.StepIndex}",
        IsOutdated = f => f.Run(f.Status.Canary?.CurrentStepAnalysisRunStatus?.Name) is { } run
            && run.Labels.GetValueOrDefault(ArgoNames.StepIndex) != f.StepIndex?.ToString(),
    };

    public static AnalysisRole Background { get; } = new()
    {
        Kind = "Background",
        FailureText = "Background analysis phase error/failed",
        Spec = f => f.Canary?.Analysis,
        InStatus = s => s.Canary?.CurrentBackgroundAnalysisRunStatus,
        Record = (s, run) => s with { Canary = (s.Canary ?? new CanaryStatus()) with { CurrentBackgroundAnalysisRunStatus = run } },
        MayStart = BackgroundMayStart,
        IsOutdated = f => !BackgroundMayStart(f),
    };

    public static AnalysisRole PrePromotion { get; } = new()
    {
        Kind = "PrePromotion",
        FailureText = "Blue/green pre-promotion analysis phase error/failed",
        Spec = f => f.BlueGreen?.PrePromotionAnalysis,
        InStatus = s => s.BlueGreen?.PrePromotionAnalysisRunStatus,
        Record = (s, run) => s with { BlueGreen = (s.BlueGreen ?? new BlueGreenStatus()) with { PrePromotionAnalysisRunStatus = run } },
        MayStart = f => !f.NewIsStable && BlueGreenRules.ActiveHash(f) is { Length: > 0 } active && active != f.Hash
            && BlueGreenRules.IsReadyForPreAnalysis(f),
        Suffix = _ => "-pre",
        IsOutdated = f => BlueGreenRules.ActiveHash(f) == f.Hash,
        KeepsRecord = true,
    };

    public static AnalysisRole PostPromotion { get; } = new()
    {
        Kind = "PostPromotion",
        FailureText = "Blue/green post-promotion analysis phase error/failed",
        Spec = f => f.BlueGreen?.PostPromotionAnalysis,
        InStatus = s => s.BlueGreen?.PostPromotionAnalysisRunStatus,
        Record = (s, run) => s with { BlueGreen = (s.BlueGreen ?? new BlueGreenStatus()) with { PostPromotionAnalysisRunStatus = run } },
        MayStart = f => !f.NewIsStable && BlueGreenRules.ActiveHash(f) == f.Hash && BlueGreenRules.IsSaturated(f, f.New!),
        Suffix = _ => "-post",
        KeepsRecord = true,
    };

    /// <summary>The value of the run's <c>rollout-type</c> label.</summary>
    public required string Kind { get; init; }

    public required string FailureText { get; init; }

    /// <summary>The analysis that the Rollout asks for in this role.</summary>
    public required Func<Facts, RolloutAnalysis?> Spec { get; init; }

    /// <summary>Where the status names the run.</summary>
    public required Func<RolloutStatus, RolloutAnalysisRunStatus?> InStatus { private get; init; }

    /// <summary>Names a run in the status, or none.</summary>
    public required Func<RolloutStatus, RolloutAnalysisRunStatus?, RolloutStatus> Record { get; init; }

    /// <summary>Whether a first run may start now.</summary>
    public required Func<Facts, bool> MayStart { get; init; }

    public Func<Facts, int?> StepIndex { get; init; } = _ => null;

    public Func<Facts, string> Suffix { private get; init; } = _ => "";

    /// <summary>Whether the run that the status names belongs to an earlier point of the update.</summary>
    public Func<Facts, bool> IsOutdated { get; init; } = _ => false;

    /// <summary>Whether the status goes on naming a run that is over.</summary>
    public bool KeepsRecord { get; init; }

    /// <summary>The roles of the Rollout's strategy.</summary>
    public static IReadOnlyList<AnalysisRole> Of(Facts facts) =>
        facts.IsCanary ? [Step, Background] : facts.BlueGreen is not null ? [PrePromotion, PostPromotion] : [];

    /// <summary>The run that a status names.</summary>
    public RolloutAnalysisRunStatus? Recorded(RolloutStatus status) => InStatus(status);

    /// <summary>The run that the stored status names, as it is now.</summary>
    public AnalysisRunView? Run(Facts facts) => facts.Run(InStatus(facts.Status)?.Name);

    /// <summary>The role with a <c>rollout-type</c>.</summary>
    public static AnalysisRole Named(string kind) =>
        new[] { Step, Background, PrePromotion, PostPromotion }.Single(r => r.Kind == kind);

    public bool IsConfigured(Facts facts) => Spec(facts)?.Templates is { Count: > 0 };

    public string RunName(Facts facts) => $"{facts.Rollout.Name}-{facts.Hash}-{facts.Revision}{Suffix(facts)}";

    private static bool BackgroundMayStart(Facts facts) =>
        !facts.IsInitialDeploy && !string.IsNullOrEmpty(facts.Status.CurrentPodHash)
        && (facts.Steps.Count == 0 || (facts.Status.CurrentStepIndex ?? 0) >= (facts.Canary?.Analysis?.StartingStep ?? 0));
}

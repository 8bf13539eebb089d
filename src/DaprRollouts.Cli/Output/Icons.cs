using DaprRollouts.Core.Model;

namespace DaprRollouts.Cli.Output;

/// <summary>A mark and a colour for each state.</summary>
internal static class Icons
{
    /// <summary>The state with its mark.</summary>
    public static string Mark(string state) => $"{Icon(state)} {state}";

    /// <summary>The colour of a state, as Spectre.Console names it.</summary>
    public static string Colour(string state) => Kind(state) switch
    {
        State.Good => "green",
        State.Bad => "red",
        State.Waiting => "yellow",
        State.Working => "blue",
        _ => "grey",
    };

    private static string Icon(string state) => Kind(state) switch
    {
        State.Good => "✔",
        State.Bad => "✖",
        State.Waiting => "॥",
        State.Working => "◌",
        _ => "•",
    };

    private static State Kind(string state) => state switch
    {
        RolloutPhase.Healthy or AnalysisPhase.Successful or "Running" or "Succeeded" => State.Good,
        RolloutPhase.Degraded or AnalysisPhase.Failed or AnalysisPhase.Error or "CrashLoopBackOff" or "ImagePullBackOff" or "ErrImagePull" => State.Bad,
        RolloutPhase.Paused or AnalysisPhase.Inconclusive => State.Waiting,
        RolloutPhase.Progressing or AnalysisPhase.Pending or "ContainerCreating" or "NotReady" or "Terminating" or "Measuring" => State.Working,
        _ => State.Idle,
    };

    private enum State
    {
        Good,
        Bad,
        Waiting,
        Working,
        Idle,
    }
}

using System.CommandLine;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Verbs;

/// <summary>The argument that names a rollout.</summary>
internal static class RolloutName
{
    public static Argument<string> Argument(Shell shell) => new("rollout")
    {
        Description = "Name of the rollout.", CompletionSources = { NameCompletion.Of(shell, Kinds.Rollouts) },
    };

    /// <summary>The argument that names one rollout or more.</summary>
    public static Argument<string[]> Several(Shell shell) => new("rollout")
    {
        Description = "Names of the rollouts.", Arity = ArgumentArity.OneOrMore, CompletionSources = { NameCompletion.Of(shell, Kinds.Rollouts) },
    };

    /// <summary>The option that says why something is done; it is kept in the rollout's history.</summary>
    public static Option<string?> Reason() => new("--reason") { Description = "Why; shown in the rollout's history." };
}

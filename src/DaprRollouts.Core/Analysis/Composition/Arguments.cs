using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>Gives arguments their values: first those of the Rollout, then those of the templates, last those of the run.</summary>
public static class Arguments
{
    /// <summary>Stands for the content of a Secret wherever the content is not needed.</summary>
    public const string MaskedSecret = "temp-for-secret";

    private const string LatestHash = "Latest";
    private const string StableHash = "Stable";

    /// <summary>The Rollout's arguments as plain values; an argument without any counts as an empty text.</summary>
    /// <exception cref="InvalidAnalysisException">Fields cannot be read; all of them are named.</exception>
    public static IReadOnlyList<AnalysisArgument> OfRollout(
        IReadOnlyList<AnalysisRunArgument>? arguments, RolloutSource rollout, bool tolerateMissingFields = false)
    {
        List<string> errors = [];
        List<AnalysisArgument> values = [];
        foreach (var argument in arguments ?? [])
        {
            var value = argument.Value ?? "";
            try
            {
                value = ValueOf(argument, rollout);
            }
            catch (InvalidAnalysisException e) when (!tolerateMissingFields || FieldPath.IsMetadata(argument.ValueFrom?.FieldRef?.FieldPath ?? ""))
            {
                errors.Add($"args.{argument.Name}: {e.Message}");
            }
            catch (InvalidAnalysisException)
            {
                value = ""; // the field may be there by the time the run is made
            }

            values.Add(new AnalysisArgument { Name = argument.Name, Value = value });
        }

        return errors.Count == 0 ? values : throw new InvalidAnalysisException(string.Join("; ", errors));
    }

    /// <summary>The arguments that the templates declare, with the values that are given; what they do not declare is dropped.</summary>
    /// <exception cref="InvalidAnalysisException">An argument has no value in the end.</exception>
    public static IReadOnlyList<AnalysisArgument> Merge(IReadOnlyList<AnalysisArgument> declared, IReadOnlyList<AnalysisArgument> given)
    {
        List<AnalysisArgument> merged = [.. declared];
        foreach (var incoming in given)
        {
            var index = merged.FindIndex(a => a.Name == incoming.Name);
            if (index >= 0)
            {
                merged[index] = incoming.Value is not null ? merged[index] with { Value = incoming.Value }
                    : incoming.ValueFrom is not null ? merged[index] with { ValueFrom = incoming.ValueFrom }
                    : merged[index];
            }
        }

        return merged.Find(a => a.Value is null && a.ValueFrom is null) is { } open
            ? throw new InvalidAnalysisException($"args.{open.Name} was not resolved: it needs a value, where the analysis is asked for or in the template")
            : merged;
    }

    /// <summary>The values of a run's arguments; a Secret's content comes from the lookup.</summary>
    /// <exception cref="InvalidAnalysisException">An argument has no value.</exception>
    public static IReadOnlyDictionary<string, string> OfRun(IReadOnlyList<AnalysisArgument>? arguments, Func<SecretKeyRef, string> secret)
    {
        Dictionary<string, string> values = [];
        foreach (var argument in arguments ?? [])
        {
            values[argument.Name ?? ""] = argument switch
            {
                { ValueFrom.SecretKeyRef: { } reference } => secret(reference),
                { Value: { } value } => value,
                { ValueFrom.FieldRef: not null } => throw new InvalidAnalysisException(
                    $"argument \"{argument.Name}\" was not supplied: a field reference is resolved only among the arguments that a Rollout gives"),
                _ => throw new InvalidAnalysisException($"argument \"{argument.Name}\" was not supplied: it needs a value or valueFrom.secretKeyRef"),
            };
        }

        return values;
    }

    /// <summary>The values of a run's arguments, with a constant in place of every Secret's content.</summary>
    public static IReadOnlyDictionary<string, string> Masked(IReadOnlyList<AnalysisArgument>? arguments) => OfRun(arguments, _ => MaskedSecret);

    private static string ValueOf(AnalysisRunArgument argument, RolloutSource rollout) => argument.ValueFrom switch
    {
        { PodTemplateHashValue: { Length: > 0 } hash } => hash switch
        {
            LatestHash => rollout.NewHash,
            StableHash => rollout.StableHash,
            _ => argument.Value ?? "",
        },
        { FieldRef: { } field } => FieldPath.Read(rollout.Manifest, field.FieldPath ?? ""),
        _ => argument.Value ?? "",
    };
}

/// <summary>What a Rollout's arguments are taken from.</summary>
/// <param name="Manifest">The Rollout as JSON: metadata, spec and status.</param>
/// <param name="NewHash">The pod template hash of the new ReplicaSet.</param>
/// <param name="StableHash">That of the stable one.</param>
public sealed record RolloutSource(JsonObject Manifest, string NewHash, string StableHash);

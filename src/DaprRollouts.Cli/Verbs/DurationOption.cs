using System.CommandLine;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Options that take a span of time, written as in manifests.</summary>
internal static class DurationOption
{
    public static Option<TimeSpan?> Create(string name, string alias, string description) => new(name, alias)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (GoDuration.TryParse(text, out var span) && span >= TimeSpan.Zero)
            {
                return span;
            }

            result.AddError($"'{text}' is not a duration: write for example 30s or 1h30m.");
            return null;
        },
    };
}

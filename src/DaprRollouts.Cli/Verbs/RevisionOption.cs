using System.CommandLine;
using System.Globalization;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Options that take the number of a revision.</summary>
internal static class RevisionOption
{
    public static Option<long?> Create(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            result.AddError($"'{text}' is not a revision: write for example 7.");
            return null;
        },
    };
}

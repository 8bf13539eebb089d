using System.Globalization;
using System.Text;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>InfluxDB's annotated CSV: tables one after the other, each with rows that say what its columns hold.</summary>
internal static class InfluxTable
{
    private const string ValueColumn = "_value";
    private const string ErrorColumn = "error";

    /// <summary>The values of all records of all tables. Where the text breaks off, what was read counts.</summary>
    public static IReadOnlyList<object?> Values(string csv)
    {
        List<object?> values = [];
        IReadOnlyList<string> types = [];
        IReadOnlyList<string> defaults = [];
        var column = -1;
        foreach (var row in Rows(csv))
        {
            if (row[0].StartsWith('#'))
            {
                (types, defaults) = (row[0] == "#datatype" ? row : types, row[0] == "#default" ? row : defaults);
                column = -1;
            }
            else if (column < 0)
            {
                column = row.IndexOf(ValueColumn);
                column = column < 0 ? int.MaxValue : column;
            }
            else if (column < row.Count)
            {
                var text = row[column].Length > 0 ? row[column] : column < defaults.Count ? defaults[column] : "";
                if (!TryRead(column < types.Count ? types[column] : "string", text, out var value))
                {
                    break;
                }

                values.Add(value);
            }
        }

        return values;
    }

    /// <summary>What the server says went wrong while it answered; null if nothing did.</summary>
    public static string? Error(string csv) =>
        Rows(csv).SkipWhile(row => row is not [_, ErrorColumn, ..]).Skip(1).FirstOrDefault() is [_, var message, ..] ? message : null;

    private static bool TryRead(string type, string text, out object? value)
    {
        value = null;
        if (text.Length == 0)
        {
            return true;
        }

        value = type.Split(':')[0] switch
        {
            "double" => GoFloat.TryParse(text, out var number) ? number : null,
            "long" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
            "unsignedLong" => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var natural) ? natural : null,
            "boolean" => text is "true" or "false" ? text == "true" : null,
            "dateTime" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null,
            "duration" => GoDuration.TryParse(text, out var duration) ? duration : null,
            _ => text,
        };
        return value is not null;
    }

    /// <summary>Rows that are not empty; a field may be in quotes and then hold anything.</summary>
    private static IEnumerable<List<string>> Rows(string csv)
    {
        List<string> row = [];
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < csv.Length; i++)
        {
            var c = csv[i];
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < csv.Length && csv[i + 1] == '"')
                {
                    field.Append(csv[++i]);
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                row.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (c == '\n')
                {
                    if (row.Exists(f => f.Length > 0))
                    {
                        yield return row;
                    }

                    row = [];
                }
            }
            else
            {
                field.Append(c);
            }
        }

        if (field.Length > 0 && !quoted)
        {
            row.Add(field.ToString());
            yield return row;
        }
    }
}

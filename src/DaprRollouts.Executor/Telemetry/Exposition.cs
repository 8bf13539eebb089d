using System.Globalization;
using System.Text;

namespace DaprRollouts.Executor.Telemetry;

/// <summary>
/// Gauges in the text format of Prometheus that are computed when somebody asks for them. An object that is gone leaves no series behind, and two who ask at once do not
/// disturb each other.
/// </summary>
internal sealed class Exposition
{
    private readonly StringBuilder _text = new();

    /// <summary>The families written so far.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Writes a family of gauges; one without rows still tells its name and meaning.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="help">What it means.</param>
    /// <param name="labels">The names of the labels.</param>
    /// <param name="rows">Values, each with as many label values as there are names.</param>
    public void Gauge(string name, string help, string[] labels, IEnumerable<(double Value, string[] Labels)> rows)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(" gauge\n");
        foreach (var (value, values) in rows)
        {
            _text.Append(name);
            for (var i = 0; i < labels.Length; i++)
            {
                _text.Append(i == 0 ? '{' : ',').Append(labels[i]).Append("=\"");
                Escape(values[i]);
                _text.Append('"');
            }

            _text.Append(labels.Length == 0 ? " " : "} ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    private void Escape(string value)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => _text.Append("\\\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append("\\n"),
                _ => _text.Append(letter),
            };
        }
    }
}

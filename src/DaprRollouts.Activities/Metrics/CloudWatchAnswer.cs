using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Activities.Metrics;

/// <summary>What CloudWatch answers.</summary>
internal static class CloudWatchAnswer
{
    /// <exception cref="MetricException">It is an error, or cannot be read.</exception>
    public static MetricValue Read(MetricAnswer answer)
    {
        try
        {
            var root = Parse(answer.Body);
            if (!answer.IsSuccess)
            {
                var error = root.Descendants().FirstOrDefault(e => e.Name.LocalName == "Error");
                throw new MetricException($"cloudWatch: {answer.Status} {Text(error, "Code")}: {Text(error, "Message")}");
            }

            var outcome = Child(root, "GetMetricDataResult") ?? throw new FormatException();
            var messages = Members(Child(outcome, "Messages")).Select(m => $"{Text(m, "Code")}: {Text(m, "Value")}").ToList();
            var metadata = messages.Count > 0 ? new Dictionary<string, string> { ["messages"] = string.Join(", ", messages) } : null;
            if (Child(outcome, "MetricDataResults") is not { } results)
            {
                return new MetricValue(null, "[]") { Metadata = metadata, KeepsTextOnError = true };
            }

            List<object?> all = [.. Members(results).Select(Query)];
            var values = all.Select(r => ((IReadOnlyDictionary<string, object?>)r!)["Values"]).ToList();
            return new MetricValue(new TypedList(ResultTypes.CloudWatchQuery, all), GoFormat.Default(values)) { Metadata = metadata, KeepsTextOnError = true };
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            throw new MetricException($"cloudWatch: the answer of status {answer.Status} cannot be read: {answer.Excerpt}");
        }
    }

    private static XElement Parse(string body)
    {
        using var reader = XmlReader.Create(new StringReader(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XElement.Load(reader);
    }

    private static Dictionary<string, object?> Query(XElement member) => new()
    {
        ["Id"] = Child(member, "Id")?.Value,
        ["Label"] = Child(member, "Label")?.Value,
        ["StatusCode"] = Text(member, "StatusCode"),
        ["Timestamps"] = new TypedList(StaticType.Time, [.. Members(Child(member, "Timestamps")).Select(t => (object?)DateTimeOffset.Parse(t.Value, CultureInfo.InvariantCulture))]),
        ["Values"] = TypedList.OfNumbers(Members(Child(member, "Values")).Select(v => double.Parse(v.Value, CultureInfo.InvariantCulture))),
        ["Messages"] = (object?[])[.. Members(Child(member, "Messages")).Select(m => (object?)new Dictionary<string, object?> { ["Code"] = Text(m, "Code"), ["Value"] = Text(m, "Value") })],
    };

    private static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static IEnumerable<XElement> Members(XElement? list) => list?.Elements().Where(e => e.Name.LocalName == "member") ?? [];

    private static string Text(XElement? parent, string name) => Child(parent, name)?.Value ?? "";
}

using System.Text.Json;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Cli;

/// <summary>Programs read the history: its form stays.</summary>
public sealed class HistoryJsonTests
{
    [Fact]
    public void The_form_is_that_of_the_reference()
    {
        var at = new DateTimeOffset(2026, 1, 31, 12, 5, 0, TimeSpan.Zero);
        IReadOnlyList<RevisionTimeline> timelines =
        [
            new(7, "web-0b2f6e8c-r7", [new TimelineEntry(at, "Signal", "promote", "alice via cli", "looks good"), new TimelineEntry(at, "Phase", "Healthy")]),
        ];

        Assert.Equal(
            """
            [
                {
                    "revision": 7,
                    "workflow": "web-0b2f6e8c-r7",
                    "timeline": [
                        {
                            "at": "2026-01-31T12:05:00Z",
                            "kind": "Signal",
                            "text": "promote",
                            "by": "alice via cli",
                            "why": "looks good"
                        },
                        {
                            "at": "2026-01-31T12:05:00Z",
                            "kind": "Phase",
                            "text": "Healthy"
                        }
                    ]
                }
            ]

            """.ReplaceLineEndings("\n"),
            OutputFormat.Text(JsonSerializer.SerializeToNode(timelines, ModelJson.Options)!, OutputFormat.Json));
    }
}

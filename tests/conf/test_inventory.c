// SPDX-License-Identifier: GPL-3.0-or-later
/* devices.csv: bad rows are named and the good ones read on; a large one is read fast. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "conf/inventory_role.h"
#include "tests/conf/fixture.h"

#define HEADER	    "name,kind,network,address,parent,room\n"
#define GOOD	    "r,router,a,10.1.0.1,,K1\n"
#define BYTES(text) text, sizeof(text) - 1

static struct fixture *load(const void *csv, size_t len)
{
	struct fixture *f = fixture_new();
	char *text = nf_xasprintf("%sdevices_csv: devices.csv\n", fixture_head);

	fixture_puts(f, "site.yaml", text);
	fixture_write(f, "devices.csv", csv, len, 0644);
	fixture_load(f);
	free(text);
	return f;
}

static void csv__table__mistakes_with_their_place(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *want;
	} rows[] = {
		{BYTES(HEADER GOOD),							     ""												   },
		{BYTES("\xef\xbb\xbf" HEADER GOOD),						    ""												   },
		{BYTES(HEADER "\n" GOOD "\n,,,,,\n"),					      ""												   },
		{BYTES("name,kind,network,address\r\nr,router,a,10.1.0.1\r\n"),			""												   },
		{BYTES("name,kind,network,address\nr,router,a,10.1.0.1"),			  ""												   },
		{BYTES("address, network ,kind,name\n10.1.0.1, a , router,r\n"),		 ""												   },
		{BYTES(HEADER "\"r\",\"router\",a,10.1.0.1,,\"K1, the \"\"old\"\"\nroom\"\n"),
			""																						   },
		{BYTES(""),
			"devices.csv:1:1: the file is empty; its first line is the header\n"														 },
		{BYTES("\n\n"),
			"devices.csv:1:1: the file is empty; its first line is the header\n"														 },
		{BYTES(HEADER),
			"site.yaml:0:0: warning: no devices: neither devices_csv nor devices names one\n"													 },
		{BYTES("name;kind;network;address\nr;router;a;10.1.0.1\n"),
			"devices.csv:1:1: the columns are separated by semicolons; save the file with commas, or say inventory.separator\n"								   },
		{BYTES("name\tkind\tnetwork\taddress\nr\trouter\ta\t10.1.0.1\n"),
			"devices.csv:1:1: the columns are separated by tabs; save the file with commas, or say inventory.separator\n"									     },
		{BYTES("name,kind,adress\nr,router,10.1.0.1\n"),
			"devices.csv:1:1: missing column \"network\"\ndevices.csv:1:1: missing column \"address\"\ndevices.csv:1:11: warning: unknown column \"adress\" is kept; did you mean \"address\"?\n"},
		{BYTES("name,kind,network,address,name\n"),
			"devices.csv:1:27: duplicate column \"name\"\n"																      },
		{BYTES("name,kind,network,address,\nr,router,a,10.1.0.1,x\n"),
			"devices.csv:2:21: \"x\" stands in a column without a name\n"															},
		{BYTES("\xff\xfen\0a\0"),
			"devices.csv:1:1: missing column \"name\"\ndevices.csv:1:1: missing column \"kind\"\n"
			"devices.csv:1:1: missing column \"network\"\ndevices.csv:1:1: missing column \"address\"\n"
			"devices.csv:1:1: this line is a title; say in inventory.header_line on which line the columns are named\n"								   },
		{BYTES(HEADER GOOD "s,swich,a,10.1.0.2,r,\n"),
			"devices.csv:3:3: kind: found \"swich\", expected one of router, switch, ap, firewall, server, printer, ups, workstation, phone, other; did you mean \"switch\"?\n"		   },
		{BYTES(HEADER GOOD "s,switch,a\nt,switch,a,10.1.0.300,r,\n"),
			"devices.csv:3:1: 3 fields, but the header has 6 columns\ndevices.csv:4:12: address: found \"10.1.0.300\", expected an IPv4 or IPv6 address\n"					      },
		{BYTES(HEADER GOOD "s,switch,a,10.1.0.2,r,,,\n"),
			"devices.csv:3:1: 8 fields, but the header has 6 columns\n"															  },
		{BYTES(HEADER GOOD ",switch,a,,r,\n"),
			"devices.csv:3:1: name: nothing here\ndevices.csv:3:11: address: nothing here\n"													},
		{BYTES(HEADER GOOD "å-1,switch,a,10.1.0.1,r,\n"),
			"devices.csv:3:14: 10.1.0.1 in network \"a\" is the address of \"r\" already\n"												       },
		{BYTES(HEADER GOOD "r,switch,a,10.1.0.2,,\n"),
			"devices.csv:3:1: duplicate device \"r\"; the first is on line 2\n"														  },
		{BYTES(HEADER GOOD "s,switch,a,10.1.0.2,q,\n"),
			"devices.csv:3:21: parent: no device \"q\"\n"																	},
		{BYTES(HEADER "s,switch,a,10.1.0.2,t,\nt,switch,a,10.1.0.3,s,\n"),
			"devices.csv:2:21: parent: a ring: s → t → s\n"																  },
		{BYTES(HEADER GOOD "s,switch,a,10.1.0.2,\"r,\nt,switch,a,10.1.0.3,s,\n"),
			"devices.csv:3:21: the quote that begins this field is never closed\ndevices.csv:4:21: parent: no device \"s\"\n"									 },
		{BYTES(HEADER GOOD "s,switch,a,10.1.0.2,r,19\" rack\nt,switch,b,10.1.0.3,r,\n"),
			"devices.csv:3:23: a quote inside a field: quote the whole field and write the quote twice\ndevices.csv:4:10: network: no network \"b\"\n"						  },
		{BYTES(HEADER GOOD "s\0,switch,a,10.1.0.2,r,\n"),
			"devices.csv:3:1: a NUL byte in this field\n"																	},
		{BYTES(HEADER GOOD "s,switch,a,10.1.0.2,r,Sal \xe4\n"),
			"devices.csv:3:23: this field is not UTF-8; save the file as UTF-8, or say inventory.encoding\n"											},
		{BYTES(HEADER GOOD "\"s\nt\",switch,a,10.1.0.2,r,\nu,switch,b,10.1.0.3,r,\n"),
			"devices.csv:3:1: name: found \"s\\x0at\", expected a device's name of at most 128 visible characters\ndevices.csv:5:10: network: no network \"b\"\n"				     },
	};

	(void)state;
	NF_ROWS(i, rows)
	{
		struct fixture *f = load(rows[i].bytes, rows[i].len);

		if (strcmp(f->text, rows[i].want) != 0)
			fail_msg("row %zu says\n%snot\n%s", i, f->text, rows[i].want);
		assert_int_equal(f->err, nf_diags_errors(f->diags) > 0 ? NF_EINVAL : NF_OK);
		if (f->site && f->site->devices.len > 0)
			assert_string_equal(f->site->devices.items[0].name, "r");
		fixture_free(f);
	}
}

static void put_devices(const struct nf_site *site, struct nf_strbuf *to)
{
	NF_EACH(struct nf_device, d, site->devices)
	{
		char address[NF_ADDR_TEXT_MAX];

		nf_strbuf_printf(to, "%s%s %s %s %s", d->index > 0 ? ", " : "", d->name,
			nf_kind_text(d->kind), d->legs[0].network->id,
			nf_addr_format(&d->legs[0].address, address));
		if (d->legs_len > 1)
			nf_strbuf_printf(
				to, " to %s", nf_addr_format(&d->legs[1].address, address));
		nf_strbuf_puts(to, d->silent ? " silent" : "");
		if (d->owner)
			nf_strbuf_printf(to, " of %s", d->owner);
		NF_EACH(struct nf_pair, pair, d->other)
		nf_strbuf_printf(to, " %s=%s", pair->key, pair->value);
	}
}

static void check_inventory(size_t row, const char *map, const char *csv, size_t len,
	const char *want, const char *devices)
{
	struct fixture *f = fixture_new();
	char *text =
		nf_xasprintf("%sinventory: %s\ndevices_csv: devices.csv\n", fixture_head, map);
	struct nf_strbuf got = {0};

	fixture_puts(f, "site.yaml", text);
	fixture_write(f, "devices.csv", csv, len, 0644);
	fixture_load(f);
	if (strcmp(f->text, want) != 0)
		fail_msg("row %zu says\n%snot\n%s", row, f->text, want);
	if (devices) {
		assert_non_null(f->site);
		put_devices(f->site, &got);
		assert_string_equal(got.data, devices);
	}
	nf_strbuf_free(&got);
	fixture_free(f);
	free(text);
}

/* Inventories of other tools, by `inventory:` in front of the file's key. */
static void csv__of_others__read_as_the_map_says(void **state)
{
	static const struct {
		const char *map, *csv, *want, *devices;
	} rows[] = {
		{"{separator: semicolon, columns: {name: Hostname, kind: Typ, address: IP-adress}, "
		 "otherwise: {network: a}, values: [{column: kind, from: \"*växel*\", to: switch}]}",
			"Hostname;typ;IP-adress;Rum\ns-1;Kantväxel;10.1.0.2;K1\ns-2;printer;10.1.0.3;\n",
			"",																														       "s-1 switch a 10.1.0.2 Rum=K1, s-2 printer a 10.1.0.3"	  },
		{"{separator: tab, otherwise: {network: a, kind: server}}",
			"name\tkind\taddress\nx\t\t10.1.0.2\n",														"",												"x server a 10.1.0.2"					 },
		{"{format: netbox, columns: {network: Site}, values: [{column: network, from: Stadshuset, to: a}]}",
			"Name,Status,Tenant,Site,Role,Manufacturer,Type,IP Address\n"
			"core-1,Active,IT,Stadshuset,Core Switch,Cisco,C9300,10.1.0.1/24\n"
			"panel-1,Active,IT,Stadshuset,Patch Panel,,,\n"
			",Active,IT,Stadshuset,Access Point,,,10.1.0.9/24\n"
			"ap-1,Active,,stadshuset,Wireless AP,Aruba,AP-515,10.1.0.7/24\n",									       "devices.csv:3:1: warning: 2 rows without a name or an address are left out; this is the first\n",
			"core-1 switch a 10.1.0.1 Status=Active Tenant=IT Manufacturer=Cisco Type=C9300, "
			"ap-1 ap a 10.1.0.7 Status=Active Manufacturer=Aruba Type=AP-515"																													       },
		{"{format: netbox, otherwise: {network: a}}",
			"name,device_role,primary_ip4,IPv4 Address\nx,Virtualisation,10.1.0.2/16,10.1.9.9/16\n",
			"",																														       "x other a 10.1.9.9 primary_ip4=10.1.0.2/16"			},
		{"{format: netbox, otherwise: {network: a}}",
			"Name,Role,IP Address\npbx,Telefonväxel,10.1.0.2/16\np,Print Server,10.1.0.3/16\n"
			"u,UPS i serverrum,10.1.0.4/16\n",													      "",												"pbx phone a 10.1.0.2, p server a 10.1.0.3, u ups a 10.1.0.4"},
		{"{format: netbox}",										    "Name,Role,IP Address\nx,Server,10.1.0.2/16\n",
			"devices.csv:1:1: missing column \"network\"\n",																									  NULL							     },
		{"{columns: {name: Hostname}}",
			"name,kind,network,address\nx,server,a,10.1.0.2\n",												    "devices.csv:1:1: missing column \"Hostname\"\n",						  NULL							      },
		{"{columns: {nam: Hostname}}",
			"name,kind,network,address\nx,server,a,10.1.0.2\n",												    "site.yaml:5:23: unknown key \"nam\"; did you mean \"name\"?\n",					 NULL							     },
		{"{values: [{column: kin, from: a, to: b}]}",
			"name,kind,network,address\nx,server,a,10.1.0.2\n",												    "site.yaml:5:31: column: no column \"kin\"; did you mean \"kind\"?\n",
			NULL																																						   },
		{"{otherwise: {kind: swich}}",									  "name,network,address\nx,a,10.1.0.2\n",
			"devices.csv:2:1: kind: found \"swich\", expected one of router, switch, ap, firewall, "
			"server, printer, ups, workstation, phone, other; did you mean \"switch\"?\n",
			NULL																																						   },
	};

	(void)state;
	NF_ROWS(i, rows)
	check_inventory(i, rows[i].map, rows[i].csv, strlen(rows[i].csv), rows[i].want,
		rows[i].devices);
}

/* Cells of the network's column are merged; all that is there is a printer. */
#define MERGED(only)                                                                           \
	"{separator: semicolon, incomplete: left-out, repeat: [network], only: " only          \
	", columns: {network: Nät, name: Namn, address: IP}, otherwise: {kind: printer}, "    \
	"values: [{column: network, from: Skolnätet, to: a}, "                                \
	"{column: network, from: Adm, to: common}]}"

/* Sheets as people keep them: Excel's UTF-16 and Windows-1252, titles above, merged cells, headings between, rows
 * of what was scrapped, capitals beyond ASCII where no locale is set; and an export of NetBox with the columns of its table of devices. */
static void csv__sheets_of_people__are_read(void **state)
{
	static const struct {
		const char *map, *csv;
		size_t len;
		const char *want, *devices;
	} rows[] = {
		{"{separator: semicolon, encoding: windows-1252, header_line: 3, incomplete: left-out, "
		 "repeat: [network], only: [{header: Status, is: \"i drift\"}], columns: {name: Benämning, "
		 "kind: Typ, address: IP-nummer, network: Nät, owner: Ansvarig}, "
		 "values: [{column: kind, from: växel, to: switch}, {column: kind, from: skrivare, to: printer}, "
		 "{column: network, from: Skolnätet, to: a}]}",			    BYTES("Inventarief\xf6rteckning 2010;;;;;\r\n;;;;;\r\n"
			      "N\xe4t;Ben\xe4mning;Typ;IP-nummer;Ansvarig;Status;\r\n"
			      "Skoln\xe4tet;sw-1;V\xe4xel;10.1.0.2;\xc5sa \x96 IT;I drift;\r\n"
			      ";prn-1;Skrivare;10.1.0.3;;I drift;\r\n"
			      ";;;;;;\r\n"
			      "Plan 2;;;;;I drift;\r\n"
			      ";prn-2;Skrivare;10.1.0.4;;Skrotad;\r\n"),
			"devices.csv:7:1: warning: 1 rows without a name or an address are left out; this is the first\n",
			"sw-1 switch a 10.1.0.2 of Åsa – IT Status=I drift, prn-1 printer a 10.1.0.3 Status=I drift"											    },
		{"{separator: tab, columns: {name: Namn, kind: Typ, address: IP}, otherwise: {network: a}}",
			BYTES("\xff\xfeN\0a\0m\0n\0\t\0T\0y\0p\0\t\0I\0P\0\r\0\n\0"
			      "\xe5\0-\0"
			      "1\0\t\0s\0e\0r\0v\0e\0r\0\t\0"
			      "1\0"
			      "0\0.\0"
			      "1\0.\0"
			      "0\0.\0"
			      "9\0\r\0\n\0"),
			"",												"å-1 server a 10.1.0.9"								},
		{"{separator: semicolon}",
			BYTES("sep=;\nname;kind;network;address;;\nx;server;a;10.1.0.9;;\n"),
			"",												"x server a 10.1.0.9"								   },
		{"{format: netbox, columns: {network: Site}, only: [{header: status, is: Active}], "
		 "values: [{column: network, from: Stadshuset, to: a}]}",			BYTES("\xef\xbb\xbfName,Status,Tenant,Site,Location,Rack,Role,Manufacturer,Type,Serial number,"
			      "Asset tag,IP Address,IPv4 Address,IPv6 Address,Tags,ID\r\n"
			      "s-1,Active,IT,Stadshuset,K1,R1,Access Switch,Cisco,C9300,FOC1,,10.1.0.2/24,10.1.0.2/24,,,7\r\n"
			      "s-2,Decommissioning,IT,Stadshuset,K1,R1,Access Switch,Cisco,C9300,FOC2,,10.1.0.3/24,10.1.0.3/24,,,8\r\n"),
			"",												"s-1 switch a 10.1.0.2 Status=Active Tenant=IT Location=K1 Rack=R1 Manufacturer=Cisco Type=C9300 "
			"Serial number=FOC1 IP Address=10.1.0.2/24 ID=7"														},
		{MERGED("[{header: Status, is: \"i drift\"}]"),
			BYTES("Nät;Namn;IP;Status\n"
			      "Skolnätet;sw-1;10.1.0.2;I drift\n"
			      "Adm;prn-9;10.100.0.9;Skrotad\n"
			      ";prn-2;10.100.0.4;I drift\n"),
			"",												"sw-1 printer a 10.1.0.2 Status=I drift, prn-2 printer common 10.100.0.4 Status=I drift"},
		{MERGED("[{header: nät, is: Skol*}]"),
			BYTES("Nät;Namn;IP;Status\n"
			      "Adm;prn-9;10.100.0.9;\n"
			      ";prn-8;10.100.0.8;\n"
			      "Skolnätet;sw-1;10.1.0.2;\n"
			      ";;;\n"
			      "Plan 2;;;\n"
			      "Skolnätet;sw-2;10.1.0.3;\n"
			      ";sw-3;10.1.0.4;\n"),
			"",												"sw-1 printer a 10.1.0.2, sw-2 printer a 10.1.0.3, sw-3 printer a 10.1.0.4"		   },
		{"{separator: semicolon, columns: {name: Önskat, network: område, address: IP, kind: TYP}, "
		 "only: [{header: ÄGARE, is: \"ö*\"}], values: [{column: network, from: äldre*, to: a}, "
		 "{column: kind, from: VÄXEL, to: switch}]}",			      BYTES("ÖNSKAT;Område;IP;Typ;Ägare\nx;Äldreboende;10.1.0.9;växel;Östen\n"),
			"",												"x switch a 10.1.0.9 Ägare=Östen"						     },
		{"{repeat: [netwrk]}",
			BYTES("name,kind,network,address\nx,server,a,10.1.0.2\n"),
			"site.yaml:5:22: repeat: no column \"netwrk\"; did you mean \"network\"?\n",			NULL										    },
		{"{only: [{header: Stat, is: x}]}",
			BYTES("name,kind,network,address\nx,server,a,10.1.0.2\n"),
			"site.yaml:5:29: header: the inventory has no column \"Stat\"\n",				  NULL										      },
		{"{separator: semicolon}",
			BYTES("name,kind,network,address\nx,server,a,10.1.0.2\n"),
			"devices.csv:1:1: the columns are separated by commas; say inventory.separator\n",
			NULL																						       },
		{"{format: netbox}",									 BYTES("Skr\xe5p,Role\nV\xe4xel,Sw\xe4\n"),
			"devices.csv:1:1: this field is not UTF-8; save the file as UTF-8, or say inventory.encoding\n",
			NULL																						       },
	};

	(void)state;
	NF_ROWS(i, rows)
	check_inventory(
		i, rows[i].map, rows[i].csv, rows[i].len, rows[i].want, rows[i].devices);
}

/* Exports of NetBox with the headers of its own tables: devices of 3.3 and 4.2 ("All data", custom fields named
 * as columns of ours), virtual machines of 4.2. */
static void csv__exports_of_netbox__are_read(void **state)
{
	static const struct {
		const char *map, *csv, *want, *devices;
	} rows[] = {
		{"{format: netbox, columns: {network: Site}}",
			"Name,Status,Tenant,Site,Location,Rack,Role,Manufacturer,Type,IP Address,ID,Tenant Group,"
			"Platform,Serial number,Asset tag,Region,Site Group,Position (U),Rack face,Airflow,"
			"IPv4 Address,IPv6 Address,Cluster,Virtual chassis,VC Position,VC Priority,Comments,"
			"Contacts,Tags,Created,Last updated,Common address,Silent,Wave\n"
			"s-1,Active,,a,,,Access Switch,Cisco,C9300,2001:db8::2/64,1,,,,,,,,,,10.1.0.2/24,"
			"2001:db8::2/64,,,,,\"two\nlines\",,,,,10.100.0.2/24,False,\n"
			"Unnamed device,Active,,a,,,Access Switch,Cisco,C9300,10.1.0.3/24,2,,,,,,,,,,"
			"10.1.0.3/24,,,,,,,,,,,,,\n"
			"Unnamed device,Active,,a,,,Patch Panel,,P24,,3,,,,,,,,,,,,,,,,,,,,,,,\n"
			"larm,Active,,a,,,Inbrottslarm,,X,10.1.0.4/24,4,,,,,,,,,,,,,,,,,,,,,,True,\n",
			"devices.csv:4:1: warning: 2 rows without a name or an address are left out; this is the first\n",
			"s-1 switch a 10.1.0.2 to 10.100.0.2 Status=Active Manufacturer=Cisco Type=C9300 "
			"IP Address=2001:db8::2/64 ID=1 IPv6 Address=2001:db8::2/64 Comments=two\nlines, "
			"larm other a 10.1.0.4 silent Status=Active Type=X IP Address=10.1.0.4/24 ID=4"																	     },
		{"{format: netbox, columns: {network: Site, common_address: IPv6 Address}}",
			"Name,Status,Site,Role,Type,Primary IPv4,IPv6 Address,deputy,MAC\n"
			"r,Active,a,Router,X,10.1.0.2/24,,Kim,02:00:00:00:00:01\n",			"",												"r router a 10.1.0.2 Status=Active Type=X"},
		{"{format: netbox, otherwise: {network: a, kind: server}}",
			"Name,Status,Site,Cluster,Role,Tenant,vCPUs,Memory (MB),Disk,IP Address\n"
			"vm-1,Active,,k,None,,2.00,4096,20,10.1.0.2/24\n"
			"vm-2,Active,,k,Domain Controller,,2.00,4096,20,10.1.0.3/24\n"
			"vm-3,Offline,,k,None,,2.00,4096,20,\n",				       "devices.csv:4:1: warning: 1 rows without a name or an address are left out; this is the first\n",
			"vm-1 server a 10.1.0.2 Status=Active Cluster=k vCPUs=2.00 Memory (MB)=4096 Disk=20, "
			"vm-2 server a 10.1.0.3 Status=Active Cluster=k vCPUs=2.00 Memory (MB)=4096 Disk=20"																	},
		{"{format: netbox, columns: {network: Site}}",
			"Name,Site,Role,IP Address\nvm-1,,None,10.1.0.2/24\n",				"devices.csv:2:6: network: nothing here; say in inventory.otherwise what it is then\n"
			"devices.csv:2:7: kind: nothing here; say in inventory.otherwise what it is then\n",
			NULL																											       },
	};

	(void)state;
	NF_ROWS(i, rows)
	check_inventory(i, rows[i].map, rows[i].csv, strlen(rows[i].csv), rows[i].want,
		rows[i].devices);
}

static void role__of_netbox__its_kind(void **state)
{
	static const struct {
		const char *kind, *roles[20];
	} rows[] = {
		{"switch",	   {"Access Switch", "core-switch", "Kantväxel", "VÄXLAR", "Switchar",
				   "Serverväxel", "Server room switch", "Switch serverrum",
				   "Brandväggsswitch", "Telefonswitch", "Klientnätsswitch",
				   "Switchstack", "Switch (server room)", "Typ I switch"}	 },
		{"ap",	       {"Access Point", "access-point", "Accesspunkter", "Åtkomstpunkt",
			       "Wireless AP", "WAP", "AP", "AP i telefonrum",
			       "Wireless bridge"}						 },
		{"firewall",    {"Firewall", "Brandväggar", "Brandvägg för servrar",
				     "firewall_cluster"}					},
		{"router",	   {"Router", "Routrar", "Skrivarrouter", "Edge Router - Server Hall"}		      },
		{"printer",	    {"Printer", "Printers", "Skrivare", "Nätverksskrivare", "Print",
				    "Skrivare i serverrum", "Label printer for server room"}},
		{"ups",		{"UPS", "ups", "UPS i serverrum", "UPS för telefonväxel",
				"UPS-aggregat", "Rack UPS", "UPS:er"}			     },
		{"phone",	  {"Telefonväxel", "Telefonväxeln", "IP-telefon", "Phones",
				  "Telephone Switch", "PBX"}				    },
		{"workstation", {"Workstation", "Thin Client", "Klientdator", "Skrivbordsdator",
					"Arbetsstation", "Klienter"}		    },
		{"server",	   {"Server", "Servers", "servrar", "Print Server", "Skrivarserver",
				   "Telefonserver", "Utskriftsserver", "Backupserver",
				   "Client backup server", "Server - Print", "Hypervisor",
				   "Server med UPS", "Print/File server", "Domain Controller",
				   "Domänkontrollant", "Switchserver", "Serverdatorer"}     },
		{"other",	  {"WLAN-kontroller", "Wireless LAN Controller", "Console Server",
				  "Konsolserver", "KVM-switch", "Backups", "Skrivbord",
				  "Client VPN Gateway", "Patch Panel", "Karta", "-", " (", ""}},
	};

	(void)state;
	NF_ROWS(i, rows)
	for (size_t k = 0; k < 20 && rows[i].roles[k] != NULL; k++)
		if (strcmp(nf_inventory_role_kind(rows[i].roles[k]), rows[i].kind) != 0)
			fail_msg("%s is a %s, not a %s", rows[i].roles[k],
				nf_inventory_role_kind(rows[i].roles[k]), rows[i].kind);
}

static void csv__unknown_columns__are_kept(void **state)
{
	struct fixture *f = load(BYTES("room,name,kind,network,address,Våning\n"
				       "\"K1, \"\"x\"\"\",r,router,a,10.1.0.1,3\n"
				       ",s,switch,a,10.1.0.2,\n"));
	const struct nf_device *r;

	(void)state;
	assert_string_equal(f->text, "");
	r = nf_site_device(f->site, "r");
	assert_int_equal(r->other.len, 2);
	assert_string_equal(r->other.items[0].key, "room");
	assert_string_equal(r->other.items[0].value, "K1, \"x\"");
	assert_string_equal(r->other.items[1].key, "Våning");
	assert_int_equal(nf_site_device(f->site, "s")->other.len, 0);
	assert_int_equal(nf_site_device(f->site, "s")->line, 3);
	fixture_free(f);
}

static void csv__field_of_twenty_megabytes__said_and_read_on(void **state)
{
	struct nf_strbuf csv = {0};
	struct fixture *f;

	(void)state;
	nf_strbuf_puts(&csv, HEADER GOOD "s,switch,a,10.1.0.2,r,\"");
	for (size_t i = 0; i < 2000000; i++)
		nf_strbuf_puts(&csv, "123456789\n");
	f = load(csv.data, csv.len);
	assert_non_null(strstr(f->text,
		"devices.csv:3:23: a field longer than 64 KiB; is its quote never closed?\n"));
	/* the lines of the field are then rows of their own, up to the cap */
	assert_non_null(
		strstr(f->text, "devices.csv:4:1: 1 fields, but the header has 6 columns\n"));
	assert_int_equal(nf_diags_len(f->diags), 1000);
	nf_strbuf_free(&csv);
	fixture_free(f);
}

static void csv__million_rows__capped(void **state)
{
	struct nf_strbuf csv = {0};
	struct fixture *f;

	(void)state;
	nf_strbuf_puts(&csv, HEADER);
	for (unsigned i = 0; i < 1000000; i++)
		nf_strbuf_printf(&csv, "d%u,other,common,10.%u.%u.%u,,\n", i,
			100 + (i >> 16) % 4, i >> 8 & 255, i & 255);
	f = load(csv.data, csv.len);
	assert_string_equal(f->text,
		"devices.csv:100002:1: more than 100,000 rows; the rest is not read\n");
	nf_strbuf_free(&csv);
	fixture_free(f);
}

static void csv__broken_quotes__gives_up(void **state)
{
	struct nf_strbuf csv = {0};
	struct fixture *f;

	(void)state;
	nf_strbuf_puts(&csv, HEADER);
	for (unsigned i = 0; i < 100000; i++)
		nf_strbuf_puts(&csv, "x\"y,\"\n");
	f = load(csv.data, csv.len);
	assert_int_equal(nf_diags_errors(f->diags), 21);
	assert_non_null(strstr(f->text, "too many broken quotes; the rest is not read"));
	nf_strbuf_free(&csv);
	fixture_free(f);
}

static void ten_thousand(struct nf_strbuf *csv, const char *network)
{
	nf_strbuf_puts(csv, "name,kind,network,address,mac,parent,acquired,room\n");
	for (unsigned i = 0; i < 10000; i++) {
		char parent[16] = "";

		if (i > 0)
			snprintf(parent, sizeof parent, "dev-%u", (i - 1) / 10);
		nf_strbuf_printf(csv,
			"dev-%u,switch,%s,10.1.%u.%u,02:00:00:00:%02x:%02x,%s,2010-01-02,room %u\n",
			i, network, i / 250, i % 250 + 1, i >> 8, i & 255, parent, i);
	}
}

static void csv__ten_thousand_devices__all_linked(void **state)
{
	struct nf_strbuf csv = {0};
	struct nf_now before, after;
	struct fixture *f;

	(void)state;
	ten_thousand(&csv, "a");
	before = nf_clock_now();
	f = load(csv.data, csv.len);
	after = nf_clock_now();
	assert_string_equal(f->text, "");
	assert_int_equal(f->site->devices.len, 10000);
	for (size_t i = 0; i < 10000; i++) {
		const struct nf_device *d = &f->site->devices.items[i];
		char parent[32];

		assert_int_equal(d->index, i);
		assert_int_equal(d->line, i + 2);
		assert_ptr_equal(nf_site_device(f->site, d->name), d);
		assert_ptr_equal(
			nf_site_device_at(f->site, d->legs[0].network, &d->legs[0].address), d);
		snprintf(parent, sizeof parent, "dev-%zu", (i - 1) / 10);
		assert_string_equal(i > 0 ? d->parent->name : parent, parent);
	}
	print_message("10,000 devices in %lld ms\n",
		(long long)(after.mono_us - before.mono_us) / NF_US_PER_MS);
	nf_strbuf_free(&csv);
	fixture_free(f);
}

/* Hints for ten thousand misspelt names among ten thousand must not take minutes. */
static void csv__ten_thousand_mistakes__all_counted(void **state)
{
	struct nf_strbuf csv = {0};
	struct nf_now before, after;
	struct fixture *f;
	char *wrong;

	(void)state;
	ten_thousand(&csv, "b");
	for (wrong = strstr(csv.data, ",dev-"); wrong; wrong = strstr(wrong + 1, ",dev-"))
		wrong[4] = '_';
	before = nf_clock_now();
	f = load(csv.data, csv.len);
	after = nf_clock_now();
	assert_int_equal(nf_diags_errors(f->diags), 10000 + 9999);
	assert_non_null(
		strstr(f->text, "parent: no device \"dev_0\"; did you mean \"dev-0\"?"));
	print_message("20,000 mistakes in %lld ms\n",
		(long long)(after.mono_us - before.mono_us) / NF_US_PER_MS);
	nf_strbuf_free(&csv);
	fixture_free(f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv__table__mistakes_with_their_place),
		cmocka_unit_test(csv__of_others__read_as_the_map_says),
		cmocka_unit_test(csv__sheets_of_people__are_read),
		cmocka_unit_test(csv__exports_of_netbox__are_read),
		cmocka_unit_test(role__of_netbox__its_kind),
		cmocka_unit_test(csv__unknown_columns__are_kept),
		cmocka_unit_test(csv__field_of_twenty_megabytes__said_and_read_on),
		cmocka_unit_test(csv__million_rows__capped),
		cmocka_unit_test(csv__broken_quotes__gives_up),
		cmocka_unit_test(csv__ten_thousand_devices__all_linked),
		cmocka_unit_test(csv__ten_thousand_mistakes__all_counted),
	};

	return NF_RUN(tests, argc, argv);
}
